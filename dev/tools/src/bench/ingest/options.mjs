import { parseArgs } from 'node:util';

export const usage = `What the server can take, against a bare loop (ws, JSON.parse, the same Redis command) in the same run.

  npm run bench:ingest -- [--json] [--redis URL] [--quick] [--students N,N,…] [--profile DIR]

  --redis URL        a Redis to use that holds no frames, since a run deletes them; default is one of its own, which needs
                     redis-server
  --quick            a tenth of the students, and less time: to see that it works
  --students N,N,…   the steps of the curve (default 200,500,1000,2000,3500,5000)
  --only A,B         parts: throughput, connections, curve, replicas (default: all)
  --profile DIR      writes CPU profiles of the server there and prints what it spent its time on
  --compressed       students of the curve compress, as browsers do
  --write            puts the tables into docs/measurements/server.md
  --json             prints one JSON object on the last line
`;

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
const quick = {
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

export const readOptions = (words) => {
  const { values } = parseArgs({
    args: words,
    options: {
      json: { type: 'boolean', default: false },
      redis: { type: 'string' },
      quick: { type: 'boolean', default: false },
      students: { type: 'string' },
      only: { type: 'string', default: 'throughput,connections,curve,replicas' },
      write: { type: 'boolean', default: false },
      compressed: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const preset = values.quick ? quick : full;
  const steps = values.students?.split(',').map(Number) ?? preset.steps;
  if (steps.some((students) => !Number.isInteger(students) || students < 1 || students > 20_000)) {
    throw new Error(`--students ${values.students}: whole numbers from 1 to 20,000, with commas`);
  }
  return {
    ...preset,
    steps: steps.toSorted((a, b) => a - b),
    parts: new Set(values.only.split(',')),
    json: values.json,
    help: values.help,
    redisUrl: values.redis ?? null,
    write: values.write,
    isCompressed: values.compressed,
    profileFolder: values.profile ?? null,
  };
};
