import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { TimeSlice } from '../time/time-slice.ts';

/**
 * Sorts frames with equal timestamps by `compareFrames`. Chunks must not overlap in time; the frames with a chunk's last timestamp are
 * held back, because the next chunk may hold more of them. Each held frame is sorted once, however many chunks share its timestamp.
 */
export const inAnalysisOrder = async function* (chunks: AsyncIterable<StoredFrame[]>): AsyncIterable<StoredFrame[]> {
  let held: StoredFrame[][] = [];
  for await (const chunk of chunks) {
    const sorted = chunk.toSorted(compareFrames);
    const heldMs = held[0]?.[0]?.timestamp;
    const lastMs = sorted.at(-1)?.timestamp;
    if (lastMs === undefined) continue;
    const isSameMoment = ({ timestamp }: StoredFrame): boolean => timestamp === heldMs;
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

/** Merges sorted runs two at a time, so that no single step sorts all of them. */
const merged = async function* (runs: StoredFrame[][]): AsyncIterable<StoredFrame[]> {
  const slice = new TimeSlice();
  let remaining = runs.filter((run) => run.length > 0);
  while (remaining.length > 1) {
    const next: StoredFrame[][] = [];
    for (let at = 0; at < remaining.length; at += 2)
      next.push(await mergeTwo(remaining[at] ?? [], remaining[at + 1] ?? [], slice));
    remaining = next;
  }
  const [all = []] = remaining;
  for (let from = 0; from < all.length; from += chunkFrames) yield all.slice(from, from + chunkFrames);
};

const mergeTwo = async (a: StoredFrame[], b: StoredFrame[], slice: TimeSlice): Promise<StoredFrame[]> => {
  const both: StoredFrame[] = [];
  let [atA, atB] = [0, 0];
  for (;;) {
    const [fromA, fromB] = [a[atA], b[atB]];
    if (fromA === undefined && fromB === undefined) return both;
    if (fromB === undefined || (fromA !== undefined && compareFrames(fromA, fromB) <= 0)) {
      if (fromA !== undefined) both.push(fromA);
      atA += 1;
    } else {
      both.push(fromB);
      atB += 1;
    }
    if (both.length % 500 === 0 && slice.isOver()) await slice.next();
  }
};

/** Frames read and parsed in one turn of the event loop. */
export const chunkFrames = 250;
