import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = `${repository}docs/governance/`;
const papers = readdirSync(folder);
const { scripts } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};

/** The headings of a page, as GitHub writes them in addresses. */
const headingsOf = (page: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(papers)('%s', (paper) => {
  const text = readFileSync(folder + paper, 'utf8');

  test('names only tests and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:ingest|demo|engine|protocol|dev|deploy)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !existsSync(repository + path))).toEqual([]);
  });

  test('links only to pages and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    const dead = links.filter(([, path = '', heading]) => {
      const page = path === '' ? folder + paper : resolve(folder, path);
      return !existsSync(page) || (heading !== undefined && !headingsOf(page).includes(heading));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  test('names only settings that exist', () => {
    const settings = readFileSync(`${repository}docs/reference/configuration.md`, 'utf8');
    const names = [...text.matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !settings.includes(`\`${name}\``))).toEqual([]);
  });

  test('names only commands that exist', () => {
    const names = [...text.matchAll(/`npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

test('the AI Act file states the accuracy that was measured', () => {
  const paper = readFileSync(`${folder}ai-act.md`, 'utf8').replaceAll(/\s+/g, ' ');
  const measured = readFileSync(`${repository}docs/measurements/accuracy.md`, 'utf8');
  const set2 = measured.slice(measured.indexOf('## Set 2'));
  /** The share and its interval, in whole percent, in the row that begins with this. */
  const figuresOf = (row: RegExp): string => {
    const [, share, from, to] = row.exec(set2) ?? [];
    return `${Math.round(Number(share))} % (${Math.round(Number(from))}–${Math.round(Number(to))} %)`;
  };
  const figures = String.raw` \d+ \| \d+ \| ([\d.]+) % \| ([\d.]+)–([\d.]+) % \|`;
  /** The limits are separated by semicolons. */
  const limits = paper.slice(paper.indexOf('Known limits')).split(';');
  for (const [noun, row] of [
    ['mask', String.raw`\| mask \|`],
    ['phones', String.raw`or more \| all \|`],
    ['hands', String.raw`\| hands \| all \|`],
  ] as const)
    expect(limits.find((limit) => limit.includes(noun))).toContain(figuresOf(new RegExp(row + figures)));
});

test('the student notice has three languages with the same parts', () => {
  const notice = readFileSync(`${folder}student-notice.md`, 'utf8');
  const languages = notice.split(/^## /m).slice(1);
  expect(languages.map((part) => part.split('\n', 1)[0])).toEqual(['English', 'Deutsch', 'Español']);
  expect(languages.map((part) => part.match(/^\*\*/gm)?.length)).toEqual([4, 4, 4]);
});
