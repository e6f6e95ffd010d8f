import { expect, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol';
import { ObservationWatch } from './observation-watch.ts';

const startMs = Date.UTC(2026, 0, 5, 9);

const frame = (seq: number, faces: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200,
  no_of_face: faces,
  face_present: faces > 0 ? 1 : 0,
});

/** Five seconds of one face, five of none, five of one again. */
const sitting = Array.from({ length: 75 }, (_, seq) => frame(seq, seq >= 25 && seq < 50 ? 0 : 1));

const newsOf = (batches: readonly StoredFrame[][]): string[] => {
  const watch = new ObservationWatch();
  const news: string[] = [];
  watch.on(({ sessionId, event, observation }) => news.push(`${sessionId} ${event} ${observation.type}`));
  for (const frames of batches) watch.stored('sitting', frames);
  return news.filter((line) => line.endsWith('face_absent'));
};

const expected = ['sitting opened face_absent', 'sitting closed face_absent'];
const inBatchesOf = (size: number): StoredFrame[][] =>
  Array.from({ length: Math.ceil(sitting.length / size) }, (_, n) => sitting.slice(n * size, (n + 1) * size));

test.each([1, 5, 75])('tells when an observation opens and closes, with batches of %i', (size) => {
  expect(newsOf(inBatchesOf(size))).toEqual(expected);
});

test('tells it once when frames come twice or late', () => {
  const batches = inBatchesOf(5);
  expect(newsOf(batches.flatMap((frames, n) => [frames, frames, batches[n - 2] ?? []]))).toEqual(expected);
});
