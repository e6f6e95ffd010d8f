/** Rebuilds the report of a dumped session from its frames. */
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeDump, parseDump } from '@invigil/ingest/dump';
import { CommandError, callerPath, commandLine, numberOption, runCommand, usageError } from './command/command-line.ts';

const usage = `npm run analyze -- DUMP [--rules VERSION] [--weights VERSION] [--from S] [--to S] [--version N] [--out FILE]

Rebuilds the report of a dump (analysis_dumps/SESSION_frames.json): byte for byte the report that the server made, or the
report under other rules or weights, or the report of a part of the session alone.

  --rules VERSION    rules to apply instead of the dump's own
  --weights VERSION  risk weights to apply instead of those that belong to the rules
  --from S, --to S   analyze this part of the session alone: seconds after its first frame
  --version N        with what the server knew of answers, alerts and other sessions at this version of its report, instead of
                     the newest
  --out FILE         write the report to FILE instead of standard output
  --help             this text

npm prints a line of its own first; use --out, or npm run --silent, to get the report alone.`;

const text = { type: 'string' } as const;

await runCommand(
  async () => {
    const { values, positionals } = commandLine(
      usage,
      { rules: text, weights: text, from: text, to: text, version: text, out: text },
      1,
    );
    const [path] = positionals;
    if (path === undefined) throw usageError('DUMP is missing', usage);
    const { from, to } = values;
    const part =
      from === undefined && to === undefined
        ? null
        : {
            fromS: from === undefined ? 0 : numberOption('from', from, { min: 0 }),
            toS: to === undefined ? Number.POSITIVE_INFINITY : numberOption('to', to, { min: 0 }),
          };
    const version = values.version === undefined ? null : numberOption('version', values.version, { min: 1 });
    const analysis = { rulesVersion: values.rules ?? null, weightsVersion: values.weights ?? null, part, version };
    try {
      const report = JSON.stringify(analyzeDump(parseDump(await readFile(callerPath(path), 'utf8')), analysis));
      if (values.out === undefined) process.stdout.write(report);
      else await writeFile(callerPath(values.out), report);
    } catch (error) {
      throw new CommandError(`analyze: ${(error as Error).message}`, { cause: error });
    }
  },
  { usageExitCode: 1 },
);
