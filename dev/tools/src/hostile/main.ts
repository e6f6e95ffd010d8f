#!/usr/bin/env node
/** Runs one hostile student against every limit, alongside honest students. `--help` prints the options. */
import { attacks } from './attacks.ts';
import { commandLine, numberOption, runCommand, usageError } from '../command/command-line.ts';
import { runHostile } from './run-hostile.ts';

const targetRatio = 2;
const targetLoopDelayMs = 20;

const usage = `npm run hostile -- [--seconds N] [--rounds N] [--honest N] [--only NAME,…] [--profile DIR] [--json]

Starts the built server in its own process with its default limits. Honest students send five frames a second; one hostile
student with a valid token tries each attack in turn, then all at once, with a quiet time before and after each. Exit code 1 when the
honest students' acknowledgements take more than ${targetRatio} times as long (p99) as in these quiet times (median of the rounds), the
event loop delay (p99, median of the rounds) exceeds ${targetLoopDelayMs} ms, an honest student is disconnected, or the hostile one has
more rows than the budget table allows. All of them share this machine with the server, so the attacker
is a process of its own that runs only while nobody else needs the processor, and the figures state what other programs took from the server
and from the measurement, and how fast the disk was. On a busy machine, run it with a high priority (nice -n -15); TMPDIR=/dev/shm keeps
the server's data in memory, which leaves the disk out.

  --seconds N   length of each attack and of each quiet time (default: 4)
  --rounds N    repetitions of all attacks (default: 3)
  --honest N    honest students (default: 50)
  --only NAMES  attacks, separated by commas: ${Object.keys(attacks).join(', ')}
  --profile DIR writes a CPU profile of the server in each phase to this folder
  --json        prints the result as one JSON object on the last line
  --help        this text`;

const text = { type: 'string' } as const;

await runCommand(async () => {
  const { values } = commandLine(usage, {
    seconds: text,
    rounds: text,
    honest: text,
    only: text,
    profile: text,
    json: { type: 'boolean' },
  });
  const number = (name: string, value: string): number =>
    numberOption(name, value, { min: 1, max: 600, integer: true });
  const only = values.only?.split(',') ?? [];
  const unknown = only.find((name) => !Object.hasOwn(attacks, name));
  if (unknown !== undefined) throw usageError(`there is no attack ${unknown}`, usage);
  const result = await runHostile({
    seconds: number('seconds', values.seconds ?? '4'),
    rounds: number('rounds', values.rounds ?? '3'),
    honest: number('honest', values.honest ?? '50'),
    only,
    profileFolder: values.profile ?? null,
    onPhase: (name, phase) =>
      console.error(
        `${name.padEnd(24)} ack p50 ${phase.ack_p50_ms} ms, p99 ${phase.ack_p99_ms} ms; ` +
          `loop delay p99 ${phase.loop_delay_p99_ms} ms, max ${phase.loop_delay_max_ms} ms; ` +
          `generator p99 ${phase.generator_delay_p99_ms} ms; waiting for a processor ${phase.processor_wait_share}; ` +
          `disk p99 ${phase.disk_p99_ms} ms`,
      ),
  });
  const isGood =
    result.worst_ratio <= targetRatio &&
    result.worst_loop_delay_p99_ms <= targetLoopDelayMs &&
    result.honest_closed === 0 &&
    result.rows_beyond.length === 0 &&
    result.failures === 0;
  process.exitCode = isGood ? 0 : 1;
  if (values.json) return console.log(JSON.stringify(result));
  const { phases, quiet: _quiet, ...rest } = result;
  console.table(
    Object.fromEntries(Object.entries(phases).map(([name, { rounds: _rounds, ...figures }]) => [name, figures])),
  );
  console.log(rest);
});
