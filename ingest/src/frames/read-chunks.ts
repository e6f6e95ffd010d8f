import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';

/**
 * Puts frames with equal timestamps into the one order that counts. No chunk has a frame older than one in the chunk before; the last moment of each
 * is held back until the next chunk, because it may go on there.
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
