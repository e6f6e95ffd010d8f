import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { TimerSet } from './timer-set.ts';

test('cancels all of its timers at once, and no others', async () => {
  const timers = new ManualTimers();
  const set = new TimerSet(timers);
  const calls: string[] = [];
  set.after(100, () => calls.push('after'));
  set.every(100, () => calls.push('every'));
  timers.after(300, () => calls.push('other'));
  await timers.advance(250);
  expect(calls).toEqual(['after', 'every', 'every']);
  set.cancelAll();
  await timers.advance(1000);
  expect(calls).toEqual(['after', 'every', 'every', 'other']);
  expect(timers.size).toBe(0);
});

test('can be used again after that', async () => {
  const timers = new ManualTimers();
  const set = new TimerSet(timers);
  const calls: string[] = [];
  set.after(100, () => calls.push('first'));
  set.cancelAll();
  set.after(100, () => calls.push('second'));
  await timers.advance(100);
  expect(calls).toEqual(['second']);
});

test('a timer that cancels the set it belongs to does no harm', async () => {
  const timers = new ManualTimers();
  const set = new TimerSet(timers);
  const calls: string[] = [];
  set.every(100, () => {
    calls.push('every');
    set.cancelAll();
  });
  await timers.advance(1000);
  expect(calls).toEqual(['every']);
});
