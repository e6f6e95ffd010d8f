import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of this repository. */
export const repositoryFolder = fileURLToPath(new URL('../../..', import.meta.url));

/** The server that `npm run build` compiles, for processes of their own. */
export const serverProgram = join(repositoryFolder, 'ingest/dist/main.js');

/** Installed model weights (`npm run models`). */
export const weightsFolder = join(repositoryFolder, 'models/weights');

/** The folder of an installed npm package, wherever npm put it. */
export const packageFolder = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
