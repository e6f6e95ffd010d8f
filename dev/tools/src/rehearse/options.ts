import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CommandError, callerPath, commandLine, numberOption, usageError } from '../command/command-line.ts';

const usage = `npm run rehearse -- --video FILE [--truth FILE] [--out DIR] [--speed N] [--json]

Plays a video as the webcam of a whole exam session, with the real server and a real browser.

  --video FILE   the webcam's video, in any format that ffmpeg reads
  --truth FILE   the events of the video: {"events": [{"type", "from_s", "to_s"}]}
  --out DIR      folder for report.json, frames.json and dump.json (default: out/rehearsal)
  --speed N      plays the video N times as fast, 0.25 to 4 (default: 1)
  --json         prints one JSON object on the last line
  --help         this text`;

const slowestSpeed = 0.25;
const fastestSpeed = 4;

const fileOption = (name: string, value: string): string => {
  const path = callerPath(value);
  if (!existsSync(path)) throw new CommandError(`--${name} ${value}: there is no such file`);
  return path;
};

export interface RehearsalOptions {
  videoPath: string;
  /** Null: without labelled events. */
  truthPath: string | null;
  outFolder: string;
  speed: number;
  json: boolean;
}

export const readOptions = (): RehearsalOptions => {
  const text = { type: 'string' } as const;
  const options = { video: text, truth: text, out: text, speed: text, json: { type: 'boolean' } } as const;
  const { values } = commandLine(usage, options);
  if (values.video === undefined) throw usageError('--video is missing', usage);
  return {
    videoPath: fileOption('video', values.video),
    truthPath: values.truth === undefined ? null : fileOption('truth', values.truth),
    outFolder: values.out === undefined ? resolve('out/rehearsal') : callerPath(values.out),
    speed: numberOption('speed', values.speed ?? '1', { min: slowestSpeed, max: fastestSpeed }),
    json: values.json ?? false,
  };
};
