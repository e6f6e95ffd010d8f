import type { LiveFrame } from '@invigil/protocol/channels';
import { expect, test } from 'vitest';
import { Watchers } from './watchers.ts';

const frames: LiveFrame[] = [{ sentinelId: 's1', frameId: 'f1', index: 1, data: null }];

const counting = () => {
  let received = 0;
  return { watcher: () => void (received += 1), count: () => received };
};

test('delivers to the watchers of one sentinel', () => {
  const watchers = new Watchers();
  const [one, two] = [counting(), counting()];
  watchers.add('s1', one.watcher, false);
  watchers.add('s2', two.watcher, false);
  watchers.deliver('s1', frames);
  expect([one.count(), two.count()]).toEqual([1, 0]);
});

test('delivers last frames only to watchers that have received nothing yet', () => {
  const watchers = new Watchers();
  const [early, late] = [counting(), counting()];
  watchers.add('s1', early.watcher, true);
  watchers.deliver('s1', frames);
  watchers.add('s1', late.watcher, true);
  watchers.deliverToAwaiting('s1', frames);
  watchers.deliverToAwaiting('s1', frames);
  expect([early.count(), late.count()]).toEqual([1, 1]);
});

test('reports the last watcher that is removed', () => {
  const watchers = new Watchers();
  const [one, two] = [counting(), counting()];
  watchers.add('s1', one.watcher, true);
  watchers.add('s1', two.watcher, true);
  expect(watchers.remove('s1', one.watcher)).toBe(false);
  expect(watchers.remove('s1', one.watcher)).toBe(false);
  expect(watchers.has('s1')).toBe(true);
  expect(watchers.remove('s1', two.watcher)).toBe(true);
  expect(watchers.has('s1')).toBe(false);
  expect(watchers.remove('s1', two.watcher)).toBe(false);
  watchers.deliver('s1', frames);
  expect([one.count(), two.count()]).toEqual([0, 0]);
});
