import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareFrames } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { framesByTime } from './frames-by-time.ts';
import type { FramePiece } from './frames-by-time.ts';

const frame = (seq: number, timestamp: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp,
  received_at: 0,
});

const pieceOf = (frames: readonly StoredFrame[], onLoad: () => void = () => undefined): FramePiece<StoredFrame> => ({
  minMs: Math.min(...frames.map(({ timestamp }) => timestamp)),
  load: async () => {
    onLoad();
    return [...frames];
  },
});

const collect = async (pieces: readonly FramePiece<StoredFrame>[]): Promise<StoredFrame[]> => {
  const all: StoredFrame[] = [];
  for await (const chunk of framesByTime(pieces)) all.push(...chunk);
  return all;
};

test('merges pieces that overlap in any way', async () => {
  const times = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 8 }), async (pieces) => {
      let seq = 0;
      const frames = pieces.map((piece) => piece.map((timestamp) => frame((seq += 1), timestamp)));
      expect(await collect(frames.map((piece) => pieceOf(piece)))).toEqual(frames.flat().toSorted(compareFrames));
    }),
    { numRuns: 200 },
  );
});

test('loads a piece only when its time has come', async () => {
  const loaded: number[] = [];
  const pieces = [3, 0, 2, 1].map((place) =>
    pieceOf(
      Array.from({ length: 300 }, (_, at) => frame(place * 300 + at, place * 1000 + at)),
      () => loaded.push(place),
    ),
  );
  const reading = framesByTime(pieces);
  expect((await reading.next()).value).toHaveLength(250);
  expect(loaded).toEqual([0]);
  await reading.next();
  await reading.next();
  expect(loaded).toEqual([0, 1]);
  await reading.return(undefined);
});
