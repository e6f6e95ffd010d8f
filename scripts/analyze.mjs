/** The report of a dumped session, made again from its frames. `--help` says more. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const usage = `npm run analyze -- DUMP [--rules VERSION] [--weights VERSION] [--from S] [--to S] [--out FILE]

Makes the report of a dump (analysis_dumps/SESSION_frames.json) again: byte for byte the one that the server made, or what
other rules or weights say of the same frames, or what a part of the session gives alone.

  --rules VERSION    rules to run instead of the dump's own
  --weights VERSION  weights of the risk instead of those that belong to the rules
  --from S, --to S   only this part of the session, as if there were no other: seconds after its first frame
  --out FILE         write the report there instead of to standard output
  --help             this text

npm prints a line of its own first; use --out, or npm run --silent, to get the report alone.`;

const text = { type: 'string' };
const options = { rules: text, weights: text, from: text, to: text, out: text, help: { type: 'boolean' } };

const seconds = (name, value, otherwise) => {
  const number = value === undefined ? otherwise : Number(value);
  if (number >= 0) return number;
  throw new Error(`--${name} ${value}: a number of seconds is needed`);
};

const partOf = ({ from, to }) => {
  if (from === undefined && to === undefined) return null;
  return { fromS: seconds('from', from, 0), toS: seconds('to', to, Number.POSITIVE_INFINITY) };
};

const main = async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(usage);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error(`name one dump\n\n${usage}`);
  const asked = {
    rulesVersion: values.rules ?? null,
    weightsVersion: values.weights ?? null,
    part: partOf(values),
  };
  const { analyzeDump, parseDump } = await import(
    new URL('../ingest/dist/dump/analyze-dump.js', import.meta.url).href
  ).catch((cause) => {
    throw new Error('the server is not built yet: npm run build', { cause });
  });
  const report = JSON.stringify(analyzeDump(parseDump(await readFile(path, 'utf8')), asked));
  if (values.out === undefined) process.stdout.write(report);
  else await writeFile(values.out, report);
};

try {
  await main();
} catch (error) {
  console.error(`analyze: ${error.message}`);
  process.exitCode = 1;
}
