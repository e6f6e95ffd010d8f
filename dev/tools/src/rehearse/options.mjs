import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { RehearsalError } from './rehearsal-error.mjs';

export const usage = `Plays a video as the webcam of a whole sitting, with the real server and a real browser.

  npm run rehearse -- --video FILE [--truth FILE] [--out DIR] [--speed N] [--json]

  --video FILE   what the webcam shows; any format that ffmpeg reads
  --truth FILE   what happens in it: {"events": [{"type", "from_s", "to_s"}]}
  --out DIR      where report.json, frames.json and the dump go (default: out/rehearsal)
  --speed N      plays the video N times as fast, 0.25 to 4 (default: 1)
  --json         prints one JSON object on the last line
`;

const slowestSpeed = 0.25;
const fastestSpeed = 4;

/** npm runs scripts in the repository's root and says where its caller was. */
const fromCaller = (path) => resolve(process.env.INIT_CWD ?? '.', path);

const fileOption = (name, value) => {
  const path = fromCaller(value);
  if (!existsSync(path)) throw new RehearsalError(`--${name} ${value}: there is no such file`);
  return path;
};

/** @returns what the command line asks for, or null when it asks for help. */
export const readOptions = (words) => {
  let values;
  try {
    ({ values } = parseArgs({
      args: words,
      options: {
        video: { type: 'string' },
        truth: { type: 'string' },
        out: { type: 'string' },
        speed: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new RehearsalError(`${error.message}\n\n${usage}`, { cause: error });
  }
  if (values.help) return null;
  if (values.video === undefined) throw new RehearsalError(`--video is missing\n\n${usage}`);
  const speed = Number(values.speed);
  if (!(speed >= slowestSpeed && speed <= fastestSpeed)) {
    throw new RehearsalError(`--speed ${values.speed}: a number from ${slowestSpeed} to ${fastestSpeed} is needed`);
  }
  return {
    videoPath: fileOption('video', values.video),
    truthPath: values.truth === undefined ? null : fileOption('truth', values.truth),
    outFolder: values.out === undefined ? resolve('out/rehearsal') : fromCaller(values.out),
    speed,
    json: values.json,
  };
};
