import { readSessionMessage } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
import { batchMessage } from './batch-message.ts';
import { helloMessage } from './hello-message.ts';

const read = (message: object) => readSessionMessage(JSON.parse(JSON.stringify(message)));

test('a hello states the last number, and none before the first frame', () => {
  expect(helloMessage(0, 5, false)).toEqual({ type: 'hello', client_time_ms: 5, last_seq: null });
  expect(helloMessage(8, 5, false)).toMatchObject({ last_seq: 7 });
  expect(read(helloMessage(8, 5, false)).kind).toBe('hello');
});

test('a hello offers thumbnails only if the student was informed', () => {
  expect(helloMessage(0, 5, false)).not.toHaveProperty('pictures');
  expect(helloMessage(0, 5, true)).toMatchObject({ pictures: true });
  expect(read(helloMessage(0, 5, true)).kind).toBe('hello');
});

test('a batch carries the predicted head, or none where it is unknown', () => {
  const frames = [{ seq: 3, timestamp: 1_700_000_000_000, no_of_face: 1 }];
  expect(batchMessage(frames, null)).toEqual({ type: 'batch', frames });
  const withHead = batchMessage(frames, 'a'.repeat(64));
  expect(withHead).toMatchObject({ chain: 'a'.repeat(64) });
  expect(read(withHead)).toMatchObject({ kind: 'batch', frames: [{ seq: 3 }] });
});
