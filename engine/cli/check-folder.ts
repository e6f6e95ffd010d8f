import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AssetsError } from './assets-error.ts';
import { checksumsName, sha256Of } from './checksums.ts';
import { filesIn } from './files-in.ts';

/**
 * Compares the folder with its list of checksums.
 * @returns how many files there are
 * @throws AssetsError that names each file that differs, is missing or is not in the list
 */
export const checkFolder = async (folder: string): Promise<number> => {
  const text = await readFile(join(folder, checksumsName), 'utf8').catch(() => null);
  if (text === null) throw new AssetsError(`${folder} has no ${checksumsName}; was it written by this program?`);
  const expected = new Map(
    text
      .trim()
      .split('\n')
      .map((line): [string, string] => [line.slice(66), line.slice(0, 64)]),
  );
  const problems: string[] = [];
  const present = (await filesIn(folder)).filter((path) => path !== checksumsName);
  for (const path of present) {
    const sum = expected.get(path);
    if (sum === undefined) problems.push(`${path}: not in the list`);
    else if (sum !== (await sha256Of(join(folder, path)))) problems.push(`${path}: differs`);
    expected.delete(path);
  }
  for (const path of expected.keys()) problems.push(`${path}: missing`);
  if (problems.length > 0) throw new AssetsError(`${folder} is not what was copied:\n  ${problems.join('\n  ')}`);
  return present.length;
};
