import { open } from 'node:fs/promises';
import type { StoredFrame } from '@invigil/protocol/frame';
import { IngestError } from '../model/ingest-error.ts';
import { TimeSlice } from '../time/time-slice.ts';
import { nullIfAbsent } from './null-if-absent.ts';

/** Frames handed on at once. */
const chunkFrames = 500;

/**
 * The frames of a dump that this server wrote, chunk by chunk, so that a long session is never in memory as a whole. Yields to the event
 * loop. No frames if the file was deleted in the meantime. @throws IngestError `not_a_dump`
 */
export const dumpFrames = async function* (path: string): AsyncGenerator<StoredFrame[]> {
  const file = await open(path).catch(nullIfAbsent);
  if (file === null) return;
  try {
    const slice = new TimeSlice();
    let isFrame = false;
    let chunk: StoredFrame[] = [];
    for await (const line of file.readLines({ autoClose: false })) {
      if (isFrame && !line.startsWith('{')) break;
      if (isFrame) chunk.push(parseDumpFrame(line));
      else isFrame = line.endsWith('"frames":[');
      if (chunk.length >= chunkFrames) {
        yield chunk;
        chunk = [];
      }
      if (slice.isOver()) await slice.next();
    }
    if (chunk.length > 0) yield chunk;
  } finally {
    await file.close();
  }
};

/** A frame from its line. */
export const parseDumpFrame = (line: string): StoredFrame => {
  try {
    return JSON.parse(line.endsWith(',') ? line.slice(0, -1) : line) as StoredFrame;
  } catch (error) {
    throw new IngestError('not_a_dump', 'a frame in the dump is not valid JSON', error);
  }
};
