import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of this repository. */
export const repositoryFolder = fileURLToPath(new URL('../../..', import.meta.url));

/** The server that `npm run build` compiles, for processes of their own. */
export const serverProgram = join(repositoryFolder, 'ingest/dist/main.js');

/** Installed model weights (`npm run models`). */
export const weightsFolder = join(repositoryFolder, 'models/weights');

/** The folder of an installed npm package, wherever npm put it. */
export const packageFolder = (name: string): string => {
  // Not every package exports its package.json, so this searches for its folder where Node would.
  const folders = (createRequire(import.meta.url).resolve.paths(name) ?? []).map((folder) => join(folder, name));
  const folder = folders.find((each) => existsSync(join(each, 'package.json')));
  if (folder === undefined) throw new Error(`the npm package ${name} is not installed: run npm ci`);
  return folder;
};
