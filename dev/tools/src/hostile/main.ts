#!/usr/bin/env node
/** Runs one hostile student against every limit, alongside honest students. `--help` prints the options. */
import { attacks } from './attacks.ts';
import { commandLine, numberOption, runCommand, usageError } from '../command/command-line.ts';
import { runHostile } from './run-hostile.ts';

const targetRatio = 2;
const targetLoopDelayMs = 20;

const usage = `npm run hostile -- [--seconds N] [--honest N] [--only NAME,…] [--json]

Starts the built server in its own process with its default limits. Honest students send a batch a second; one hostile student with
a valid token tries each attack in turn, then all at once. Exit code 1 when an honest student's acknowledgements take more than
${targetRatio} times as long (p99) as without the attack, the event loop delay (p99) exceeds ${targetLoopDelayMs} ms, an honest student is
disconnected, or the hostile one has more rows than the budget table allows.

  --seconds N   length of each attack (default: 5)
  --honest N    honest students (default: 50)
  --only NAMES  attacks, separated by commas: ${Object.keys(attacks).join(', ')}
  --json        prints the result as one JSON object on the last line
  --help        this text`;

const text = { type: 'string' } as const;

await runCommand(async () => {
  const { values } = commandLine(usage, { seconds: text, honest: text, only: text, json: { type: 'boolean' } });
  const number = (name: string, value: string): number =>
    numberOption(name, value, { min: 1, max: 600, integer: true });
  const only = values.only?.split(',') ?? [];
  const unknown = only.find((name) => !Object.hasOwn(attacks, name));
  if (unknown !== undefined) throw usageError(`there is no attack ${unknown}`, usage);
  const result = await runHostile({
    seconds: number('seconds', values.seconds ?? '5'),
    honest: number('honest', values.honest ?? '50'),
    only,
    onPhase: (name, { ack_p50_ms: p50, ack_p99_ms: p99, loop_delay_p99_ms: loop }) =>
      console.error(`${name.padEnd(24)} ack p50 ${p50} ms, p99 ${p99} ms; loop delay p99 ${loop} ms`),
  });
  const isGood =
    result.worst_ratio <= targetRatio &&
    result.worst_loop_delay_p99_ms <= targetLoopDelayMs &&
    result.honest_closed === 0 &&
    result.rows_beyond.length === 0 &&
    result.failures === 0;
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return console.log(JSON.stringify(result));
  const { phases, ...rest } = result;
  console.table(phases);
  console.log(rest);
});
