import { CommandError, callerPath, commandLine, numberOption } from '../../command/command-line.ts';

export const contenders = ['invigil', 'human', 'human-at-our-rates', 'plain'] as const;
/** Frames per second of exam. */
export const frameRateHz = 5;
export type ContenderName = (typeof contenders)[number];

const usage = `npm run bench:engine -- [--data DIR|VIDEO] [--pictures N] [--frames N] [--limit N] [--seconds N] [--accuracy]
                               [--coco-model DIR] [--only A,B] [--write] [--json]

Measures the cost of reading images: Invigil's worker, @vladmandic/human, and the plain loop of face-landmarks-detection and
coco-ssd, in one headless Chromium, on the same images, all on wasm.

  --data DIR|VIDEO   images, or a video that ffmpeg reads, whose first seconds are played (default: composed images)
  --pictures N       number of still images (default 12)
  --frames N         frames of the long run, after which heap and tensors are measured (default 1000)
  --limit N          limit of the long run of each contender, seconds (default 75)
  --seconds N        seconds of exam, with five frames each, whose CPU is measured (default 30)
  --accuracy         also reads all images of DIR/labels.tsv with each contender, and scores them like npm run evaluate
  --coco-model DIR   other coco-ssd weights (model.json) for the plain loop; default: the official ones
  --only A,B         of ${contenders.join(', ')}
  --write            puts the tables into docs/measurements/engine.md
  --json             prints one JSON object on the last line
  --help             this text`;

export interface BenchOptions {
  json: boolean;
  /** Null: composed images. */
  data: string | null;
  pictures: number;
  frames: number;
  limitS: number;
  seconds: number;
  write: boolean;
  accuracy: boolean;
  /** Null: the official weights. */
  cocoModel: string | null;
  only: ContenderName[];
}

const isContender = (name: string): name is ContenderName => contenders.some((known) => known === name);

const namesOf = (list: string): ContenderName[] =>
  list.split(',').map((name) => {
    if (isContender(name)) return name;
    throw new CommandError(`--only ${name}: must be one of ${contenders.join(', ')}`);
  });

export const readOptions = (): BenchOptions => {
  const [text, flag] = [{ type: 'string' } as const, { type: 'boolean' } as const];
  const { values } = commandLine(usage, {
    json: flag,
    data: text,
    pictures: text,
    frames: text,
    limit: text,
    seconds: text,
    write: flag,
    accuracy: flag,
    'coco-model': text,
    only: text,
  });
  if (values.accuracy && values.data === undefined)
    throw new CommandError('--accuracy needs --data DIR with labels.tsv');
  const pathOf = (path: string | undefined): string | null => (path === undefined ? null : callerPath(path));
  return {
    json: values.json ?? false,
    data: pathOf(values.data),
    pictures: numberOption('pictures', values.pictures ?? '12', { min: 1, max: 200, integer: true }),
    frames: numberOption('frames', values.frames ?? '1000', { min: 20, max: 100_000, integer: true }),
    limitS: numberOption('limit', values.limit ?? '75', { min: 5, max: 3600, integer: true }),
    seconds: numberOption('seconds', values.seconds ?? '30', { min: 3, max: 600, integer: true }),
    write: values.write ?? false,
    accuracy: values.accuracy ?? false,
    cocoModel: pathOf(values['coco-model']),
    only: namesOf(values.only ?? contenders.join(',')),
  };
};
