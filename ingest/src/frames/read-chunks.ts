import { compareFrames } from '@invigil/protocol/report';
import { mergeRuns } from '../time/merge-runs.ts';
import type { FramePosition } from './frame-text.ts';

/**
 * Sorts frames with equal timestamps by `compareFrames`. Chunks must not overlap in time; the frames with a chunk's last timestamp are
 * held back, because the next chunk may hold more of them. Each held frame is sorted once, however many chunks share its timestamp.
 */
export const inAnalysisOrder = async function* <Frame extends FramePosition>(
  chunks: AsyncIterable<Frame[]>,
): AsyncIterable<Frame[]> {
  let held: Frame[][] = [];
  for await (const chunk of chunks) {
    const sorted = chunk.toSorted(compareFrames);
    const heldMs = held[0]?.[0]?.timestamp;
    const lastMs = sorted.at(-1)?.timestamp;
    if (lastMs === undefined) continue;
    const isSameMoment = ({ timestamp }: Frame): boolean => timestamp === heldMs;
    const sharing = sorted.findIndex((frame) => !isSameMoment(frame));
    if (held.length > 0 && sharing === -1) {
      held.push(sorted);
      continue;
    }
    if (held.length > 0) yield* merged([...held, sorted.splice(0, sharing)]);
    const ready = sorted.splice(
      0,
      sorted.findIndex(({ timestamp }) => timestamp === lastMs),
    );
    if (ready.length > 0) yield ready;
    held = [sorted];
  }
  if (held.length > 0) yield* merged(held);
};

/** In chunks. */
const merged = async function* <Frame extends FramePosition>(runs: Frame[][]): AsyncIterable<Frame[]> {
  const all = await mergeRuns(runs, compareFrames);
  for (let from = 0; from < all.length; from += chunkFrames) yield all.slice(from, from + chunkFrames);
};

/** Frames read and parsed in one turn of the event loop. */
export const chunkFrames = 250;
