import type { KeptFrames } from './kept-frames.ts';
import { shiftTimestamps } from './shift-timestamps.ts';

/**
 * Moves the numbers of all frames from `fromSeq` on by `distance`. Rejects, without a change, if they cannot be read.
 * @returns the new numbers of frames that storage no longer holds.
 */
export const renumberFrames = async (kept: KeptFrames, fromSeq: number, distance: number): Promise<number[]> => {
  await kept.flush();
  const frames = await kept.readRange(fromSeq, Infinity);
  const pending = kept.pending.all().filter(({ seq }) => seq >= fromSeq);
  kept.remove(pending.map(({ seq }) => seq));
  const missing: number[] = [];
  for (const { seq, sent } of pending) {
    const frame = frames.get(seq);
    if (frame === undefined) missing.push(seq + distance);
    else kept.put({ ...frame, seq: seq + distance }, sent);
  }
  return missing;
};

/**
 * Moves the times of frames that were never sent. If they cannot be read, their times stay unchanged and it resolves
 * with false.
 */
export const shiftFrames = async (kept: KeptFrames, fromSeq: number, toSeq: number, byMs: number): Promise<boolean> => {
  const frames = await kept.readRange(fromSeq, toSeq).catch(() => null);
  if (frames === null) return false;
  for (const { seq, sent } of kept.pending.all()) {
    const frame = frames.get(seq);
    if (frame !== undefined && !sent) kept.replace(shiftTimestamps(frame, byMs));
  }
  return true;
};
