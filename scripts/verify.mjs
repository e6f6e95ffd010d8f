/** The hash chain of a dumped session, made again from its frames. `--help` says more. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

const usage = `npm run verify -- DUMP [--report FILE | --head HEX] [--json]

Makes the hash chain of a dump (analysis_dumps/SESSION_frames.json) again and names the first broken link.

  --report FILE  the session's report, from the records: its head and number of links must be the dump's
  --head HEX     the head as it is known from elsewhere, such as the student's device
  --json         the verdict as one JSON object
  --help         this text

Exit code 0: whole. 1: broken. 2: not broken, but frames of some links had expired and cannot be checked, or the dump is an
old one without links. 3: no verdict, because a file cannot be read or is no dump, or the command was not understood.
docs/reference/delivery.md says what this proves and what it cannot.`;

const options = {
  report: { type: 'string' },
  head: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
};

const exitCodes = { whole: 0, broken: 1, unchecked: 2 };
const noVerdict = 3;

const knownChain = async ({ report, head }) => {
  if (report !== undefined && head !== undefined) throw new Error('--report or --head, not both');
  if (report === undefined) return head === undefined ? null : { head, links: null };
  const { integrity } = JSON.parse(await readFile(report, 'utf8'));
  if (typeof integrity?.chain !== 'string') throw new Error(`${report} is a report without a chain`);
  return { head: integrity.chain, links: integrity.chained?.links ?? null };
};

const main = async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(usage);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new Error(`name one dump\n\n${usage}`);
  const load = (file) => import(new URL(`../ingest/dist/dump/${file}.js`, import.meta.url).href);
  const [{ parseDump }, { verdictText, verifyDump }] = await Promise.all([
    load('analyze-dump'),
    load('verify-dump'),
  ]).catch((cause) => {
    throw new Error('the server is not built yet: npm run build', { cause });
  });
  const verdict = verifyDump(parseDump(await readFile(path, 'utf8')), await knownChain(values));
  console.log(values.json ? JSON.stringify(verdict) : verdictText(verdict));
  process.exitCode = exitCodes[verdict.verdict];
};

try {
  await main();
} catch (error) {
  console.error(`verify: ${error.message}`);
  process.exitCode = noVerdict;
}
