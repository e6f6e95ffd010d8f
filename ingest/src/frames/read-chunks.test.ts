import fc from 'fast-check';
import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { expect, test } from 'vitest';
import { inAnalysisOrder } from './read-chunks.ts';

const chunksOf = async function* (
  frames: readonly StoredFrame[],
  sizes: readonly number[],
): AsyncIterable<StoredFrame[]> {
  let from = 0;
  for (const size of sizes) {
    yield frames.slice(from, from + size);
    from += size;
  }
  yield frames.slice(from);
};

test('yields frames in the order of analysis, for any chunks and any number of frames with the same timestamp', async () => {
  const moments = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(moments, fc.array(fc.nat(7), { maxLength: 20 }), async (times, sizes) => {
      const frames = times.map((timestamp, seq): StoredFrame => ({
        frame_id: String(seq),
        seq: (seq * 7) % 60,
        timestamp,
        received_at: timestamp,
      }));
      // As a store returns them: sorted by time, in any order within one timestamp.
      const stored = frames.toSorted((a, b) => a.timestamp - b.timestamp);
      const read: StoredFrame[] = [];
      for await (const chunk of inAnalysisOrder(chunksOf(stored, sizes))) read.push(...chunk);
      expect(read).toEqual(frames.toSorted(compareFrames));
    }),
  );
});

test('compares each frame of one timestamp a logarithmic number of times', async () => {
  const count = 4000;
  let reads = 0;
  const frames = Array.from({ length: count }, (_, index) => {
    const seq = (index * 7919) % count;
    return {
      frame_id: String(seq),
      timestamp: 1,
      received_at: 1,
      get seq() {
        reads += 1;
        return seq;
      },
    } as StoredFrame;
  });
  let read = 0;
  const sizes = Array.from({ length: count / 10 }, () => 10);
  for await (const chunk of inAnalysisOrder(chunksOf(frames, sizes))) read += chunk.length;
  expect(read).toBe(count);
  expect(reads).toBeLessThan(count * 2 * (Math.ceil(Math.log2(count)) + 4));
});
