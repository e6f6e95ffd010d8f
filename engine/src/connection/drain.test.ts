import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { Drain } from './drain.ts';

/** A drain, and whether it is finished. */
const setUp = (durationMs: number) => {
  const timers = new ManualTimers();
  const drain = new Drain(timers, timers.nowMs() + durationMs);
  let isFinished = false;
  void drain.finished.then(() => (isFinished = true));
  return { timers, drain, isFinished: () => isFinished };
};

test('ends at its limit', async () => {
  const { timers, isFinished } = setUp(5000);
  await timers.advance(4999);
  expect(isFinished()).toBe(false);
  await timers.advance(1);
  expect(isFinished()).toBe(true);
});

test('ends early, and then leaves no timer', async () => {
  const { timers, drain, isFinished } = setUp(5000);
  drain.finish();
  await timers.advance(0);
  expect(isFinished()).toBe(true);
  expect(timers.size).toBe(0);
});

test('a limit in the past ends it at once', async () => {
  const { timers, isFinished } = setUp(-1000);
  await timers.advance(0);
  expect(isFinished()).toBe(true);
});

test('can be finished twice', async () => {
  const { timers, drain, isFinished } = setUp(1000);
  drain.finish();
  drain.finish();
  await timers.advance(2000);
  expect(isFinished()).toBe(true);
});
