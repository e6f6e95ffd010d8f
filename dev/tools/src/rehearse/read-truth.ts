import { readFile } from 'node:fs/promises';
import { CommandError } from '../command/command-line.ts';
import type { VideoEvent } from './score.ts';

const isEvent = (event: Partial<VideoEvent> | null): boolean =>
  typeof event?.type === 'string' &&
  typeof event.from_s === 'number' &&
  typeof event.to_s === 'number' &&
  event.to_s >= event.from_s;

/** The labelled events of the video. @throws {CommandError} for a file that does not hold them */
export const readTruth = async (path: string): Promise<VideoEvent[]> => {
  const text = await readFile(path, 'utf8');
  let truth: { events?: VideoEvent[] } | null;
  try {
    truth = JSON.parse(text) as typeof truth;
  } catch (error) {
    throw new CommandError(`--truth ${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const events = truth?.events;
  if (Array.isArray(events) && events.every(isEvent)) return events;
  throw new CommandError(`--truth ${path}: expected {"events": [{"type", "from_s", "to_s"}]}`);
};
