import { expect, test } from 'vitest';
import type { LostRange } from '../outbox/outbox-store.ts';
import { LossReports } from './loss-reports.ts';

const range = (from: number, to: number): LostRange => ({ reason: 'outbox_full', seqs: [from, to] });
const reported = (messages: readonly Record<string, unknown>[]): unknown[] =>
  messages.flatMap((message) => message['ranges'] as unknown[]);

test('reports each loss once per connection, in order, and again after a reset', () => {
  const reports = new LossReports();
  const ranges = [range(8, 9), range(1, 2)];
  expect(reported(reports.take(ranges, 0, Infinity))).toEqual([range(1, 2), range(8, 9)]);
  expect(reports.take(ranges, 0, Infinity)).toEqual([]);
  reports.reset();
  expect(reported(reports.take(ranges, 0, Infinity))).toHaveLength(2);
});

test('reports a range again once it has grown', () => {
  const reports = new LossReports();
  reports.take([range(1, 2)], 0, Infinity);
  expect(reported(reports.take([range(1, 3)], 0, Infinity))).toEqual([range(1, 3)]);
});

test('keeps losses outside of the requested numbers for later', () => {
  const reports = new LossReports();
  expect(reported(reports.take([range(1, 2), range(8, 9)], 0, 5))).toEqual([range(1, 2)]);
});

test('splits many ranges over messages of at most 500', () => {
  const ranges = Array.from({ length: 1100 }, (_, index) => range(index * 2, index * 2));
  const messages = new LossReports().take(ranges, 0, Infinity);
  expect(messages.map((message) => (message['ranges'] as unknown[]).length)).toEqual([500, 500, 100]);
});
