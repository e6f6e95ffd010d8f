import { compareFrames } from '@invigil/protocol/report';
import type { FramePosition } from '../frames/frame-text.ts';
import { mergeRuns } from '../time/merge-runs.ts';

/** Frames that can be loaded when their time comes. */
export interface FramePiece<Frame extends FramePosition> {
  /** No frame of it has an earlier timestamp. */
  minMs: number;
  load(): Promise<Frame[]>;
}

const chunkFrames = 250;

/** How many of a sorted run's frames come before a time. */
const countBefore = (run: readonly FramePosition[], ms: number): number => {
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
export const framesByTime = async function* <Frame extends FramePosition>(
  pieces: readonly FramePiece<Frame>[],
): AsyncGenerator<Frame[]> {
  let runs: Frame[][] = [];
  const takeBefore = async (ms: number): Promise<Frame[]> => {
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

const inChunks = function* <Frame>(frames: readonly Frame[]): Generator<Frame[]> {
  for (let from = 0; from < frames.length; from += chunkFrames) yield frames.slice(from, from + chunkFrames);
};
