import { CommandError, callerPath, commandLine, numberOption } from '../../command/command-line.ts';

const usage = `npm run bench:ingest -- [--redis URL] [--quick] [--students N,N,…] [--only A,B] [--postgres] [--profile DIR]
                               [--soak MINUTES] [--compressed] [--write] [--json]

Measures the capacity of the server, compared with a bare loop (ws, JSON.parse, the same Redis command) in the same run.

  --redis URL        a Redis without frames, since a run deletes them (default: an own redis-server)
  --quick            a tenth of the students, and less time: a trial run
  --students N,N,…   the steps of the curve (default 200,500,1000,2000,4000)
  --only A,B         parts: throughput, connections, curve, ending, replicas, workers (default: all but workers)
  --postgres         keeps the records in a Postgres of its own, as several replicas do (default: SQLite)
  --profile DIR      writes CPU profiles of the server there and prints where its time went
  --soak MINUTES     only this: students at a constant load (--students, default 1000); memory after each minute, and its slope
  --compressed       students of the curve compress, as browsers do
  --write            puts the tables of the measured parts into docs/measurements/server.md, and the costs of workers into
                     docs/measurements/student-costs.json
  --json             prints one JSON object on the last line
  --help             this text`;

const full = {
  steps: [200, 500, 1000, 2000, 4000],
  paceWarmS: 10,
  paceS: 15,
  rounds: 3,
  warmFrames: 60_000,
  roundFrames: 100_000,
  limitS: 15,
  saturating: 200,
  quiet: 3000,
  endingStudents: 1000,
  endingHours: 3,
  endingS: 15,
  fillLimitS: 300,
  reportLimitS: 120,
  fewStudents: 200,
  manyStudents: 800,
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
  endingStudents: 100,
  endingHours: 0.1,
  endingS: 5,
  fillLimitS: 60,
  reportLimitS: 60,
  fewStudents: 40,
  manyStudents: 120,
};

const defaultParts = 'throughput,connections,curve,ending,replicas';
const defaultSoakStudents = 1000;

export type BenchOptions = typeof full & {
  parts: ReadonlySet<string>;
  json: boolean;
  redisUrl: string | null;
  write: boolean;
  isCompressed: boolean;
  usesPostgres: boolean;
  soakMinutes: number;
  soakStudents: number;
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
    postgres: flag,
    soak: text,
  });
  const preset = values.quick ? quick : full;
  const steps = values.students?.split(',').map(Number) ?? preset.steps;
  if (steps.some((students) => !Number.isInteger(students) || students < 1 || students > 20_000)) {
    throw new CommandError(`--students ${values.students}: must be integers from 1 to 20,000, separated by commas`);
  }
  return {
    ...preset,
    steps: steps.toSorted((a, b) => a - b),
    parts: new Set(values.soak === undefined ? (values.only ?? defaultParts).split(',') : ['soak']),
    soakMinutes: numberOption('soak', values.soak ?? '1', { min: 1, max: 1440, integer: true }),
    soakStudents: values.students === undefined ? defaultSoakStudents : (steps.at(-1) ?? defaultSoakStudents),
    json: values.json ?? false,
    redisUrl: values.redis ?? null,
    write: values.write ?? false,
    isCompressed: values.compressed ?? false,
    usesPostgres: values.postgres ?? false,
    profileFolder: values.profile === undefined ? null : callerPath(values.profile),
  };
};
