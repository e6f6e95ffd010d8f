import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from './repository.ts';

export interface ScriptResult {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** Runs the npm script NAME of this repository, without npm itself, and resolves with its output, whatever its exit code. */
export const runScript = async (name: string, ...words: string[]): Promise<ScriptResult> => {
  const { scripts } = JSON.parse(await readFile(join(repositoryFolder, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [program, ...first] = scripts[name]?.split(' ') ?? [];
  if (program !== 'node') throw new Error(`package.json has no script ${name} that runs node`);
  const options = { cwd: repositoryFolder, maxBuffer: 100_000_000 };
  return new Promise((resolve) => {
    execFile(process.execPath, [...first, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), stdout, stderr }),
    );
  });
};
