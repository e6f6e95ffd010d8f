import { CommandError, callerPath, commandLine } from '../../command/command-line.ts';

const usage = `npm run bench:ingest -- [--json] [--redis URL] [--quick] [--students N,N,…] [--profile DIR]

Measures the capacity of the server, compared with a bare loop (ws, JSON.parse, the same Redis command) in the same run.

  --redis URL        a Redis without frames, since a run deletes them (default: an own redis-server)
  --quick            a tenth of the students, and less time: a trial run
  --students N,N,…   the steps of the curve (default 200,500,1000,2000,3500,5000)
  --only A,B         parts: throughput, connections, curve, replicas (default: all)
  --profile DIR      writes CPU profiles of the server there and prints where its time went
  --compressed       students of the curve compress, as browsers do
  --write            puts the tables into docs/measurements/server.md
  --json             prints one JSON object on the last line
  --help             this text`;

const full = {
  steps: [200, 500, 1000, 2000, 3500, 5000],
  paceWarmS: 4,
  paceS: 8,
  rounds: 3,
  warmFrames: 60_000,
  roundFrames: 100_000,
  limitS: 15,
  saturating: 200,
  quiet: 3000,
};
const quick: typeof full = {
  steps: [20, 100],
  paceWarmS: 1,
  paceS: 3,
  rounds: 2,
  warmFrames: 10_000,
  roundFrames: 20_000,
  limitS: 10,
  saturating: 40,
  quiet: 300,
};

export type BenchOptions = typeof full & {
  parts: ReadonlySet<string>;
  json: boolean;
  redisUrl: string | null;
  write: boolean;
  isCompressed: boolean;
  profileFolder: string | null;
};

export const readOptions = (): BenchOptions => {
  const [text, flag] = [{ type: 'string' } as const, { type: 'boolean' } as const];
  const { values } = commandLine(usage, {
    json: flag,
    redis: text,
    quick: flag,
    students: text,
    only: text,
    write: flag,
    compressed: flag,
    profile: text,
  });
  const preset = values.quick ? quick : full;
  const steps = values.students?.split(',').map(Number) ?? preset.steps;
  if (steps.some((students) => !Number.isInteger(students) || students < 1 || students > 20_000)) {
    throw new CommandError(`--students ${values.students}: must be integers from 1 to 20,000, separated by commas`);
  }
  return {
    ...preset,
    steps: steps.toSorted((a, b) => a - b),
    parts: new Set((values.only ?? 'throughput,connections,curve,replicas').split(',')),
    json: values.json ?? false,
    redisUrl: values.redis ?? null,
    write: values.write ?? false,
    isCompressed: values.compressed ?? false,
    profileFolder: values.profile === undefined ? null : callerPath(values.profile),
  };
};
