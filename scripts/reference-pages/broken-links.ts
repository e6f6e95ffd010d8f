import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { repositoryFolder } from '@invigil/testkit/repository';

const markdownFiles = (): string[] =>
  execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: repositoryFolder, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);

/** Anchors of the headings, as GitHub forms them: a repeated heading gets a number. */
const headings = (file: string): string[] => {
  const seen = new Map<string, number>();
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => {
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
};

const anchors = (file: string): Set<string> =>
  new Set([
    ...headings(file),
    ...[...readFileSync(file, 'utf8').matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id),
  ]);

const isBroken = (file: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : resolve(dirname(file), path);
  if (!existsSync(target)) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor);
};

/** Relative links of the repository's Markdown files whose file or heading does not exist. */
export const brokenLinks = (): string[] =>
  markdownFiles().flatMap((name) => {
    const file = join(repositoryFolder, name);
    if (!existsSync(file)) return [];
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    return links.filter((link) => !/^[a-z]+:/.test(link) && isBroken(file, link)).map((link) => `${name}: ${link}`);
  });
