import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';

/**
 * Sorts frames with equal timestamps by `compareFrames`. Chunks must not overlap in time; the frames with a chunk's last timestamp are
 * held back, because the next chunk may hold more of them.
 */
export async function* inAnalysisOrder(chunks: AsyncIterable<StoredFrame[]>): AsyncIterable<StoredFrame[]> {
  let held: StoredFrame[] = [];
  for await (const chunk of chunks) {
    const frames = [...held, ...chunk].toSorted(compareFrames);
    const lastMs = frames.at(-1)?.timestamp;
    const ready = frames.findIndex((frame) => frame.timestamp === lastMs);
    held = ready === -1 ? [] : frames.splice(ready);
    if (frames.length > 0) yield frames;
  }
  if (held.length > 0) yield held;
}
