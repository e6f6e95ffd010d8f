/** Generates the reference pages in docs/reference from schemas, tables and types, and reports broken links. `--check` writes nothing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configTable } from '@invigil/ingest/testing';
import { repositoryFolder } from '@invigil/testkit/repository';
import { brokenLinks } from './broken-links.ts';
import { engineApiPages } from './engine-api-pages.ts';
import { errorsPage } from './errors-page.ts';
import { featureFramePage } from './feature-frame-page.ts';
import { httpApiPage } from './http-api-page.ts';

const folder = join(repositoryFolder, 'docs/reference');
const isCheck = process.argv.includes('--check');

const current = (name: string): string | null => {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

/** The page with its configuration table replaced; the text around it is written by hand. */
const configurationPage = (): string => {
  const text = current('configuration.md') ?? '';
  const [start, end] = ['<!-- configuration:start -->', '<!-- configuration:end -->'];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`configuration.md: ${start} or ${end} is missing`);
  return `${text.slice(0, from + start.length)}\n\n${configTable()}\n\n${text.slice(to)}`;
};

const pages = new Map([
  ['configuration.md', configurationPage()],
  ['feature-frame.md', featureFramePage()],
  ['errors.md', errorsPage()],
  ['api/http.md', httpApiPage()],
  ...[...engineApiPages()].map(([name, text]): [string, string] => [`api/${name}`, text]),
]);

for (const [name, page] of pages) {
  if (page === current(name)) continue;
  if (isCheck) {
    console.error(`docs/reference/${name} is out of date. Run: npm run docs`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), page);
  }
}

for (const link of brokenLinks()) {
  console.error(`broken link: ${link}`);
  process.exitCode = 1;
}
