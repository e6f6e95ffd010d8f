import { expect, test } from 'vitest';
import { outboxEntry } from './outbox-entry.ts';

test('knows what a frame weighs on the wire, in bytes and not in characters', () => {
  const frame = { seq: 7, timestamp: 1234, head_pose: '前' as 'forward' };
  expect(outboxEntry(frame)).toEqual({
    seq: 7,
    timestampMs: 1234,
    bytes: new Blob([JSON.stringify(frame)]).size,
    frame,
  });
});
