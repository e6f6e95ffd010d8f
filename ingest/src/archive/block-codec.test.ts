import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import { positionOf } from '../frames/frame-text.ts';
import { openBlockThreads } from './block-threads.ts';

const codec = openBlockThreads(sourceArguments);
afterAll(() => codec.close());

const anyFrame = fc
  .record({
    seq: fc.nat(),
    timestamp: fc.double({ noNaN: true, noDefaultInfinity: true }),
    readings: fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 }),
  })
  // As a store returns it: parsed from JSON.
  .map(({ seq, timestamp, readings }) =>
    JSON.parse(JSON.stringify({ ...readings, seq, timestamp, received_at: 7, frame_id: String(seq) })),
  ) as fc.Arbitrary<StoredFrame>;

const anyLink: fc.Arbitrary<ChainLink> = fc.record({
  link: fc.stringMatching(/^[0-9a-f]{64}$/),
  seqs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
  confirmed: fc.boolean(),
});

test('a block returns exactly the lines of its frames and links', async () => {
  const anyBlock = fc.record({ links: fc.array(anyLink), frames: fc.array(anyFrame, { maxLength: 30 }) });
  await fc.assert(
    fc.asyncProperty(anyBlock, async (block) => {
      const read = await codec.decode(await codec.encode(block));
      const lines = block.frames.map((frame) => JSON.stringify(frame));
      expect(read.links).toEqual(block.links);
      expect(read.texts).toEqual(block.frames.map((frame, at) => ({ ...positionOf(frame), text: lines[at] })));
    }),
    { numRuns: 60 },
  );
});

test('a damaged block is refused', async () => {
  const body = await codec.encode({ links: [], frames: [{ seq: 0, timestamp: 1, received_at: 2, frame_id: '0' }] });
  await expect(codec.decode(body.subarray(0, body.length - 3))).rejects.toThrow('unexpected end of file');
  await expect(codec.decode(Buffer.from('no block'))).rejects.toThrow('Decompression failed');
});
