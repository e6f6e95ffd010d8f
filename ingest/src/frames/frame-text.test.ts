import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { positionIn, positionOf } from './frame-text.ts';

const misleading = fc.constantFrom('"timestamp":5,', '"frame_id":"7"', '\\"timestamp":1', 'timestamp', 'frame_id');
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  misleading,
  fc.record({ timestamp: fc.nat(), frame_id: fc.nat() }),
);
/** With the server's fields at any place among the client's. */
const anyFrame = fc
  .record({
    seq: fc.nat(),
    isOfServer: fc.boolean(),
    timestamp: fc.double({ noNaN: true, noDefaultInfinity: true }),
    before: fc.dictionary(fc.oneof(fc.string(), misleading), value, { maxKeys: 4 }),
    after: fc.dictionary(fc.oneof(fc.string(), misleading), value, { maxKeys: 4 }),
  })
  .map(({ seq, isOfServer, timestamp, before, after }) => {
    const frame_id = isOfServer ? `srv-${seq}` : String(seq);
    const { frame_id: _id, seq: _seq, timestamp: _time, ...readings } = after;
    return JSON.stringify({ ...before, frame_id, seq, timestamp, ...readings });
  });

test('the position in the text of a frame is that of the frame', () => {
  fc.assert(
    fc.property(anyFrame, (text) => {
      expect(positionIn(text)).toEqual(positionOf(JSON.parse(text) as StoredFrame));
    }),
    { numRuns: 500 },
  );
});

test('a frame without nested objects that have the same keys is not parsed', () => {
  const frame = { frame_id: '12', received_at: 7, seq: 12, no_of_face: 1, timestamp: 1767603601010 };
  const parse = vi.spyOn(JSON, 'parse');
  expect(positionIn(JSON.stringify(frame))).toEqual({ frame_id: '12', seq: 12, timestamp: 1767603601010 });
  expect(parse).not.toHaveBeenCalled();
  parse.mockRestore();
});
