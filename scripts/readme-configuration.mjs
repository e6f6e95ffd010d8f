/** Writes the configuration table into docs/reference/configuration.md, from the one schema that the server reads. `--check` only compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { configTable } from '@invigil/ingest/testing';

const file = new URL('../docs/reference/configuration.md', import.meta.url);
const [start, end] = ['<!-- configuration:start -->', '<!-- configuration:end -->'];
const text = readFileSync(file, 'utf8');
const before = text.slice(0, text.indexOf(start) + start.length);
const after = text.slice(text.indexOf(end));
const next = `${before}\n\n${configTable()}\n\n${after}`;
if (next !== text) {
  if (process.argv.includes('--check')) {
    console.error(
      'docs/reference/configuration.md: the configuration table is not what ingest/src/config/environment.ts says. Run: npm run docs',
    );
    process.exit(1);
  }
  writeFileSync(file, next);
}
