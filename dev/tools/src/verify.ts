/** Recomputes the hash chain of a dumped session from its frames. */
import { readFile } from 'node:fs/promises';
import { parseDump, receiptProblem, verdictText, verifyDump } from '@invigil/ingest/dump';
import type { PublicKey, ReceiptAnswer, RootBody, Signed } from '@invigil/ingest/dump';
import { CommandError, callerPath, commandLine, runCommand, usageError } from './command/command-line.ts';

const usage = `npm run verify -- DUMP [--report FILE | --head HEX] [--json]
       npm run verify -- RECEIPT [ROOT] [--keys FILE] [--report FILE]

Recomputes the hash chain of a dump (analysis_dumps/SESSION_frames.json) and names the first broken link, or checks a
signed receipt. Needs no server.

  RECEIPT        a report's receipt (GET /api/v1/session/ID/receipt): its signature and its place in the day's root
  ROOT           that day's root or all roots, as published earlier (GET /.well-known/invigil-roots.json); by default
                 the receipt's own
  --keys FILE    the public keys (GET /.well-known/invigil-keys.json); by default the receipt's own, whose ids are printed
                 for comparison with the published ones
  --report FILE  with DUMP: the session's report, whose head and number of links must match the dump's
                 with RECEIPT: the report (GET /api/v1/session/ID/report?review=none), which must be the signed one
  --head HEX     the head from another source, such as the student's device
  --json         print the verdict on a dump as one JSON object
  --help         this text

Exit code 0: complete or valid. 1: broken. 2: not broken, but frames of some links had expired and cannot be checked, or the dump is an
old one without links. 3: no verdict, because a file cannot be read or is neither dump nor receipt, or the command line is
wrong.
docs/reference/delivery.md explains what this proves and what it cannot prove.`;

const exitCodes = { whole: 0, broken: 1, unchecked: 2 };
const noVerdict = 3;

const knownChain = async (report: string | undefined, head: string | undefined) => {
  if (report !== undefined && head !== undefined) throw usageError('--report and --head exclude each other', usage);
  if (report === undefined) return head === undefined ? null : { head, links: null };
  const { integrity } = JSON.parse(await readFile(callerPath(report), 'utf8')) as {
    integrity?: { chain?: unknown; chained?: { links?: number } };
  };
  if (typeof integrity?.chain !== 'string') throw new Error(`${report} is a report without a chain`);
  return { head: integrity.chain, links: integrity.chained?.links ?? null };
};

const json = async <Value>(file: string): Promise<Value> =>
  JSON.parse(await readFile(callerPath(file), 'utf8')) as Value;

/** The root of the receipt's day, from a file that holds one root or all of them. */
const rootOf = async (file: string, answer: ReceiptAnswer): Promise<Signed<RootBody>> => {
  const published = await json<Signed<RootBody> | { roots: Signed<RootBody>[] }>(file);
  if (!('roots' in published)) return published;
  const day = answer.receipt.signed_at.slice(0, 10);
  const root = published.roots.find((each) => each.day === day);
  if (root === undefined) throw new Error(`${file} has no root of ${day}`);
  return root;
};

interface ReceiptFiles {
  root: string | undefined;
  keys: string | undefined;
  report: string | undefined;
}

const verifyReceipt = async (answer: ReceiptAnswer, files: ReceiptFiles): Promise<void> => {
  const keys = files.keys === undefined ? answer.keys : (await json<{ keys: PublicKey[] }>(files.keys)).keys;
  const root = files.root === undefined ? null : await rootOf(files.root, answer);
  const report = files.report === undefined ? null : await readFile(callerPath(files.report), 'utf8');
  const problem = receiptProblem({ answer, keys, root, report });
  const { session_id: sessionId, version, key_id: keyId } = answer.receipt;
  const day = (root ?? answer.root)?.day ?? 'not published yet';
  console.log(
    problem ??
      `receipt of session ${sessionId}, report version ${version}, is valid; signed by key ${keyId}; root: ${day}`,
  );
  process.exitCode = problem === null ? exitCodes.whole : exitCodes.broken;
};

const isReceipt = (value: unknown): value is ReceiptAnswer =>
  typeof value === 'object' && value !== null && 'receipt' in value;

const receiptIn = (text: string): ReceiptAnswer | null => {
  // A text this long can be a dump, but not a receipt.
  if (text.length > 1_000_000) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isReceipt(value) ? value : null;
  } catch {
    return null;
  }
};

await runCommand(
  async () => {
    const text = { type: 'string' } as const;
    const { values, positionals } = commandLine(
      usage,
      { report: text, head: text, keys: text, json: { type: 'boolean' } },
      2,
    );
    const [path, root] = positionals;
    if (path === undefined) throw usageError('DUMP or RECEIPT is missing', usage);
    try {
      const content = await readFile(callerPath(path), 'utf8');
      const receipt = receiptIn(content);
      if (receipt !== null) return await verifyReceipt(receipt, { root, keys: values.keys, report: values.report });
      if (root !== undefined) throw usageError(`${path} is not a receipt, so it has no root`, usage);
      const verdict = verifyDump(parseDump(content), await knownChain(values.report, values.head));
      console.log(values.json ? JSON.stringify(verdict) : verdictText(verdict));
      process.exitCode = exitCodes[verdict.verdict];
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(`verify: ${(error as Error).message}`, { cause: error });
    }
  },
  { usageExitCode: noVerdict, failureExitCode: noVerdict },
);
