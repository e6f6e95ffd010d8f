/** The report of a dumped session, made again from its frames. `--help` says more. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const usage = `npm run analyze -- DUMP [--rules VERSION] [--out FILE]

Makes the report of a dump (analysis_dumps/SESSION_frames.json) again: byte for byte the one that the server made, or,
with --rules, what another version of the rules says of the same frames.

  --rules VERSION  rules to run instead of the dump's own
  --out FILE       write the report there instead of to standard output
  --help           this text

npm prints a line of its own first; use --out, or npm run --silent, to get the report alone.`;

const options = { rules: { type: 'string' }, out: { type: 'string' }, help: { type: 'boolean' } };

const main = async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(usage);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error(`name one dump\n\n${usage}`);
  const { analyzeDump, parseDump } = await import(
    new URL('../ingest/dist/analysis/analyze-dump.js', import.meta.url).href
  ).catch((cause) => {
    throw new Error('the server is not built yet: npm run build', { cause });
  });
  const report = JSON.stringify(analyzeDump(parseDump(await readFile(path, 'utf8')), values.rules ?? null));
  if (values.out === undefined) process.stdout.write(report);
  else await writeFile(values.out, report);
};

try {
  await main();
} catch (error) {
  console.error(`analyze: ${error.message}`);
  process.exitCode = 1;
}
