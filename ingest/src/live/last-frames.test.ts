import type { LiveFrame } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
import { LastFrames } from './last-frames.ts';

const frame = (index: number, data: string | null = null): LiveFrame => ({
  sentinelId: 's1',
  frameId: `f${index}`,
  index,
  data,
});

test('keeps the last image, and numbers only while they are newer', () => {
  const last = new LastFrames(() => 0);
  last.keep('s1', [frame(1, 'image'), frame(2), frame(3)]);
  expect(last.of('s1').map(({ index }) => index)).toEqual([1, 3]);
  last.keep('s1', [frame(4, 'newer')]);
  expect(last.of('s1').map(({ index }) => index)).toEqual([4]);
  last.keep('s1', []);
  expect(last.of('s1')).toHaveLength(1);
});

test('keeps coverage and the last minute with later numbers', () => {
  const last = new LastFrames(() => 0);
  const coverage = { live_s: 1, late_s: 0, not_observed_s: 0 };
  last.keep('s1', [{ ...frame(1), coverage, recent: { until: 5, cells: 'o' } }]);
  last.keep('s1', [frame(2)]);
  expect(last.of('s1')).toEqual([{ ...frame(2), coverage, recent: { until: 5, cells: 'o' } }]);
});

test('keeps coverage and the last minute when an image follows', () => {
  const last = new LastFrames(() => 0);
  const coverage = { live_s: 1, late_s: 0, not_observed_s: 0 };
  last.keep('s1', [{ ...frame(1), coverage }]);
  last.keep('s1', [frame(2, 'image')]);
  expect(last.of('s1')).toEqual([{ ...frame(2, 'image'), coverage }]);
  last.keep('s1', [frame(3)]);
  expect(last.of('s1')).toEqual([frame(2, 'image'), { ...frame(3), coverage }]);
});

test('returns the last image with its arrival', () => {
  const last = new LastFrames(() => 3000);
  last.keep('s1', [frame(1, 'image'), frame(2)]);
  expect(last.imageOf('s1')).toEqual({ data: 'image', atMs: 3000 });
  expect(last.imageOf('s2')).toBeNull();
});

test('drops the images that were used least recently beyond its size', () => {
  const last = new LastFrames(() => 0, 10);
  last.keep('s1', [frame(1, '12345')]);
  last.keep('s2', [frame(1, '12345')]);
  last.of('s1');
  last.keep('s3', [frame(1, '12345')]);
  expect(['s1', 's2', 's3'].map((id) => last.imageOf(id)?.data ?? null)).toEqual(['12345', null, '12345']);
});

test('forgets a sentinel', () => {
  const last = new LastFrames(() => 0);
  last.keep('s1', [frame(1, 'image'), frame(2)]);
  last.delete('s1');
  expect(last.of('s1')).toEqual([]);
});
