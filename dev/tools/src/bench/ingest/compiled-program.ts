import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sourceArguments } from '@invigil/testkit/source-arguments';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Inside `node_modules`, so that the program finds the repository's packages. */
export const compiledFolder = (name: string): string =>
  here(`../../../../../node_modules/.cache/invigil-bench/${name}`);

/**
 * Compiles a program of this folder to JavaScript that Node runs without a loader. The loader for TypeScript replaces private members by weak
 * maps, in the built packages too, which doubles the server's work; a server in production runs without it. A process of its own compiles:
 * the collections of what a compiler leaves behind would otherwise take both cores in the middle of a measurement.
 *
 * @param name without extension @returns the program's path
 */
export const compileProgram = async (name: string): Promise<string> => {
  await promisify(execFile)(process.execPath, [...sourceArguments, here('./compile.ts'), name]);
  return `${compiledFolder(name)}/${name}.js`;
};
