import { parseArgs } from 'node:util';
import { resolve } from 'node:path';

export const contenders = ['invigil', 'human', 'human-at-our-rates', 'plain'];

export const usage = `What reading a student's pictures costs: Invigil's worker, @vladmandic/human, and the plain loop of
face-landmarks-detection and coco-ssd, in one headless Chromium, on the same pictures, all on wasm.

  npm run bench:engine -- [--json] [--data DIR|VIDEO] [--frames N] [--seconds N] [--only A,B] [--accuracy]

  --data DIR|VIDEO   pictures, or a video that ffmpeg reads; default are composed ones, with and without a phone
  --pictures N       how many of them (default 12)
  --frames N         frames of the long run, after which heap and tensors are looked at (default 1000)
  --limit N          seconds that the long run may take for each (default 75)
  --seconds N        seconds of exam, five frames each, of which the CPU is measured (default 30)
  --accuracy         also reads all pictures of DIR/labels.tsv with each, and scores them as npm run evaluate does
  --coco-model DIR   other coco-ssd weights (model.json) for the plain loop; default are the official ones
  --only A,B         of ${contenders.join(', ')}
  --write            puts the tables into docs/measurements/engine.md
  --json             prints one JSON object on the last line
`;

const whole = (name, text, least, most) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`--${name} ${text}: a whole number from ${least} to ${most} is needed`);
};

/** npm runs scripts in the repository's root and says where its caller was. */
const fromCaller = (path) => (path === undefined ? null : resolve(process.env.INIT_CWD ?? '.', path));

export const readOptions = (words) => {
  const { values } = parseArgs({
    args: words,
    options: {
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      pictures: { type: 'string', default: '12' },
      frames: { type: 'string', default: '1000' },
      limit: { type: 'string', default: '75' },
      seconds: { type: 'string', default: '30' },
      write: { type: 'boolean', default: false },
      accuracy: { type: 'boolean', default: false },
      'coco-model': { type: 'string' },
      only: { type: 'string', default: contenders.join(',') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const only = values.only.split(',');
  const unknown = only.find((name) => !contenders.includes(name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: it may be ${contenders.join(', ')}`);
  if (values.accuracy && values.data === undefined) throw new Error('--accuracy needs --data DIR with labels.tsv');
  return {
    json: values.json,
    help: values.help,
    data: fromCaller(values.data),
    pictures: whole('pictures', values.pictures, 1, 200),
    frames: whole('frames', values.frames, 20, 100_000),
    limitS: whole('limit', values.limit, 5, 3600),
    seconds: whole('seconds', values.seconds, 3, 600),
    write: values.write,
    accuracy: values.accuracy,
    cocoModel: fromCaller(values['coco-model']),
    only,
  };
};
