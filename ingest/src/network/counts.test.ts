import { expect, test } from 'vitest';
import { Counts } from './counts.ts';

test('counts by key and in total', () => {
  const counts = new Counts();
  counts.add('a', 2);
  counts.add('b', 3);
  counts.add('a', -2);
  expect([counts.of('a'), counts.of('b'), counts.total]).toEqual([0, 3, 3]);
});
