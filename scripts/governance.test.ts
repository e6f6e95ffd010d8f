import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = `${repository}docs/governance/`;
const papers = readdirSync(folder);
const { scripts } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

describe.each(papers)('%s', (paper) => {
  const text = readFileSync(folder + paper, 'utf8');

  test('names only tests and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:ingest|demo|engine|protocol|dev|deploy)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(repository + path))).toEqual([]);
  });

  test('names only commands that exist', () => {
    const names = [...text.matchAll(/`npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

test('the student notice has three languages with the same parts', () => {
  const notice = readFileSync(`${folder}student-notice.md`, 'utf8');
  const languages = notice.split(/^## /m).slice(1);
  expect(languages.map((part) => part.split('\n', 1)[0])).toEqual(['English', 'Deutsch', 'Español']);
  expect(languages.map((part) => part.match(/^\*\*/gm)?.length)).toEqual([4, 4, 4]);
});
