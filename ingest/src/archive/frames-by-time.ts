import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { mergeRuns } from '../time/sort-in-slices.ts';

/** Frames that can be loaded when their time comes. */
export interface FramePiece {
  /** No frame of it has an earlier timestamp. */
  minMs: number;
  load(): Promise<StoredFrame[]>;
}

const chunkFrames = 250;

/** How many of a sorted run's frames come before a time. */
const countBefore = (run: readonly StoredFrame[], ms: number): number => {
  let [low, high] = [0, run.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((run[middle]?.timestamp ?? ms) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
};

/**
 * The frames of all pieces in the order of `compareFrames`, in chunks. Only pieces that overlap in time are in memory together: those of frames that
 * arrived late.
 */
export const framesByTime = async function* (pieces: readonly FramePiece[]): AsyncGenerator<StoredFrame[]> {
  let runs: StoredFrame[][] = [];
  const takeBefore = async (ms: number): Promise<StoredFrame[]> => {
    const counts = runs.map((run) => countBefore(run, ms));
    const taken = runs.map((run, at) => run.slice(0, counts[at]));
    runs = runs.map((run, at) => run.slice(counts[at])).filter((run) => run.length > 0);
    return mergeRuns(taken, compareFrames);
  };
  for (const piece of pieces.toSorted((a, b) => a.minMs - b.minMs)) {
    yield* inChunks(await takeBefore(piece.minMs));
    runs.push((await piece.load()).toSorted(compareFrames));
  }
  yield* inChunks(await mergeRuns(runs, compareFrames));
};

const inChunks = function* (frames: readonly StoredFrame[]): Generator<StoredFrame[]> {
  for (let from = 0; from < frames.length; from += chunkFrames) yield frames.slice(from, from + chunkFrames);
};
