import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryFolder } from './repository.ts';

/** One of the examples in a guide, by the name in the comment before it, with the test's addresses. @param guide default: that for exam pages */
export const guideExample = async (
  name: string,
  replace: Record<string, string> = {},
  guide = 'embed',
): Promise<string> => {
  const text = await readFile(join(repositoryFolder, `docs/guide/${guide}.md`), 'utf8');
  const block = text.split(`<!-- example:${name} -->\n`)[1]?.match(/^\n```\w*\n(.*?)\n```\n/s)?.[1];
  if (block === undefined) throw new Error(`the guide has no example "${name}"`);
  return Object.entries(replace).reduce((example, [was, is]) => example.replaceAll(was, is), block);
};
