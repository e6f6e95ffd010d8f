import { readFile } from 'node:fs/promises';

const guide = new URL('../../../docs/guide/embed.md', import.meta.url);
const examples = { page: 'html', script: 'js', policy: '', frame: 'html', permissions: '' } as const;

/** One of the examples in the guide for exam pages, with the test's addresses. */
export const embedExample = async (name: keyof typeof examples, replace: Record<string, string>): Promise<string> => {
  const fence = '```';
  const text = await readFile(guide, 'utf8');
  const from = text.indexOf(`<!-- example:${name} -->`);
  const begin = text.indexOf(`${fence}${examples[name]}\n`, from) + fence.length + examples[name].length + 1;
  const end = text.indexOf(`\n${fence}\n`, begin);
  if (from < 0 || end < 0) throw new Error(`the guide has no example "${name}"`);
  let example = text.slice(begin, end);
  for (const [was, is] of Object.entries(replace)) example = example.replaceAll(was, is);
  return example;
};
