import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { expect, test } from 'vitest';
import { Watchdog } from './watchdog.ts';

const counted = (timers: ManualTimers): { watchdog: Watchdog; expired: () => number; expire: () => void } => {
  let count = 0;
  const watchdog = new Watchdog((delayMs, run) => timers.after(delayMs, run));
  return { watchdog, expired: () => count, expire: () => (count += 1) };
};

test('expires after its limit, once', async () => {
  const timers = new ManualTimers();
  const { watchdog, expired, expire } = counted(timers);
  watchdog.start(2500, expire);
  await timers.advance(2499);
  expect(expired()).toBe(0);
  await timers.advance(5000);
  expect(expired()).toBe(1);
  expect(timers.size).toBe(0);
});

test('a wait that ended in time never expires, and leaves no timer behind', async () => {
  const timers = new ManualTimers();
  const { watchdog, expired, expire } = counted(timers);
  watchdog.start(2500, expire);
  await timers.advance(1500);
  watchdog.stop();
  await timers.advance(5000);
  expect(expired()).toBe(0);
  expect(timers.size).toBe(0);
});

test('waits in a row share one timer, and each has at least its whole limit', async () => {
  const timers = new ManualTimers();
  const { watchdog, expired, expire } = counted(timers);
  for (let wait = 0; wait < 20; wait += 1) {
    watchdog.start(2500, expire);
    expect(timers.size).toBe(1);
    await timers.advance(150);
    watchdog.stop();
  }
  watchdog.start(2500, expire);
  await timers.advance(2499);
  expect(expired()).toBe(0);
  await timers.advance(1001);
  expect(expired()).toBe(1);
});

test('closing cancels the timer', () => {
  const timers = new ManualTimers();
  const { watchdog, expire } = counted(timers);
  watchdog.start(2500, expire);
  watchdog.close();
  expect(timers.size).toBe(0);
});

test('a suspended page loses one step of its time limit, not all of it', () => {
  const due: (() => void)[] = [];
  let expired = 0;
  const watchdog = new Watchdog((_delayMs, run) => {
    due.push(run);
    return () => undefined;
  });
  watchdog.start(8000, () => (expired += 1));
  // After a minute of suspension, the one timer that was due fires.
  due.shift()?.();
  expect(expired).toBe(0);
  for (let step = 0; step < 7; step += 1) due.shift()?.();
  expect(expired).toBe(1);
});
