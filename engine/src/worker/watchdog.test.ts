import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { expect, test } from 'vitest';
import { startWatchdog } from './watchdog.ts';

test('expires after its limit, once', async () => {
  const timers = new ManualTimers();
  let expired = 0;
  startWatchdog(
    2500,
    (delayMs, run) => timers.after(delayMs, run),
    () => (expired += 1),
  );
  await timers.advance(2499);
  expect(expired).toBe(0);
  await timers.advance(5000);
  expect(expired).toBe(1);
});

test('can be cancelled at any step', async () => {
  const timers = new ManualTimers();
  let expired = 0;
  const cancel = startWatchdog(
    2500,
    (delayMs, run) => timers.after(delayMs, run),
    () => (expired += 1),
  );
  await timers.advance(1500);
  cancel();
  await timers.advance(5000);
  expect(expired).toBe(0);
  expect(timers.size).toBe(0);
});

test('a page that stood still loses one step of its patience, not all of it', () => {
  const due: (() => void)[] = [];
  let expired = 0;
  startWatchdog(
    8000,
    (_delayMs, run) => {
      due.push(run);
      return () => undefined;
    },
    () => (expired += 1),
  );
  // After a minute of standstill, the one timer that was due fires.
  due.shift()?.();
  expect(expired).toBe(0);
  for (let step = 0; step < 7; step += 1) due.shift()?.();
  expect(expired).toBe(1);
});
