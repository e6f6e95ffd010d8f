/** Recomputes the hash chain of a dumped session from its frames. */
import { readFile } from 'node:fs/promises';
import { parseDump, receiptProblem, verdictText, verifyDump } from '@invigil/ingest/dump';
import type { PublicKey, ReceiptAnswer, RootBody, Signed } from '@invigil/ingest/dump';
import { CommandError, callerPath, commandLine, runCommand, usageError } from './command/command-line.ts';

const usage = `npm run verify -- DUMP [--report FILE | --head HEX] [--json]
       npm run verify -- --receipt FILE --keys FILE [--root FILE] [--report FILE]

Recomputes the hash chain of a dump (analysis_dumps/SESSION_frames.json) and names the first broken link.

  --report FILE  the session's report, from the records: its head and number of links must match the dump's
  --head HEX     the head from another source, such as the student's device
  --receipt FILE the session's receipt (GET /api/v1/session/ID/receipt): its signature, its place in the day's root and, with
                 --report, that the report is the signed one. Needs no server
  --keys FILE    the public keys (GET /.well-known/invigil-keys.json)
  --root FILE    the day's root as published earlier (one of GET /.well-known/invigil-roots.json); by default the
                 receipt's own
  --json         print the verdict as one JSON object
  --help         this text

Exit code 0: whole. 1: broken. 2: not broken, but frames of some links had expired and cannot be checked, or the dump is an
old one without links. 3: no verdict, because a file cannot be read or is no dump, or the command line is wrong.
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

const verifyReceipt = async (files: {
  receipt: string;
  keys: string;
  root: string | undefined;
  report: string | undefined;
}): Promise<void> => {
  const answer = await json<ReceiptAnswer>(files.receipt);
  const problem = receiptProblem({
    answer,
    keys: (await json<{ keys: PublicKey[] }>(files.keys)).keys,
    root: files.root === undefined ? null : await json<Signed<RootBody>>(files.root),
    report: files.report === undefined ? null : await readFile(callerPath(files.report), 'utf8'),
  });
  const day = answer.root?.day ?? 'not published yet';
  console.log(problem ?? `receipt of session ${answer.receipt.session_id} is whole; root: ${day}`);
  process.exitCode = problem === null ? exitCodes.whole : exitCodes.broken;
};

await runCommand(
  async () => {
    const text = { type: 'string' } as const;
    const { values, positionals } = commandLine(
      usage,
      { report: text, head: text, receipt: text, keys: text, root: text, json: { type: 'boolean' } },
      1,
    );
    const { receipt, keys, root, report } = values;
    if (receipt !== undefined) {
      if (keys === undefined) throw usageError('--receipt needs --keys', usage);
      try {
        return await verifyReceipt({ receipt, keys, root, report });
      } catch (error) {
        throw new CommandError(`verify: ${(error as Error).message}`, { cause: error });
      }
    }
    const [path] = positionals;
    if (path === undefined) throw usageError('DUMP is missing', usage);
    try {
      const dump = parseDump(await readFile(callerPath(path), 'utf8'));
      const verdict = verifyDump(dump, await knownChain(values.report, values.head));
      console.log(values.json ? JSON.stringify(verdict) : verdictText(verdict));
      process.exitCode = exitCodes[verdict.verdict];
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(`verify: ${(error as Error).message}`, { cause: error });
    }
  },
  { usageExitCode: noVerdict, failureExitCode: noVerdict },
);
