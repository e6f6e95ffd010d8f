import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { SendPause } from './send-pause.ts';

const setUp = () => {
  const timers = new ManualTimers();
  return { timers, pause: new SendPause(timers) };
};

test('lasts as long as the server asked for', async () => {
  const { timers, pause } = setUp();
  expect(pause.endsAtMs).toBeNull();
  pause.begin(700);
  expect(pause.leftMs).toBe(700);
  expect(pause.endsAtMs).toBe(timers.nowMs() + 700);
  await timers.advance(699);
  expect(pause.leftMs).toBe(1);
  await timers.advance(1);
  expect(pause.leftMs).toBe(0);
  expect(pause.endsAtMs).toBeNull();
});

test.each([60_001, 86_400_000, 1e15])('is a minute at most, whatever the server asked for: %i ms', (durationMs) => {
  const { pause } = setUp();
  pause.begin(durationMs);
  expect(pause.leftMs).toBe(60_000);
});

test('a pause of zero or negative length is none', () => {
  const { pause } = setUp();
  pause.begin(0);
  expect(pause.endsAtMs).toBeNull();
  pause.begin(-5000);
  expect(pause.leftMs).toBe(0);
});

test('a new pause replaces the one before', () => {
  const { pause } = setUp();
  pause.begin(5000);
  pause.begin(100);
  expect(pause.leftMs).toBe(100);
  pause.end();
  expect(pause.leftMs).toBe(0);
});

test('setting the device’s clock neither lengthens nor shortens it', () => {
  const { timers, pause } = setUp();
  pause.begin(1000);
  timers.setByMs = 3_600_000;
  expect(pause.leftMs).toBe(1000);
  expect(pause.endsAtMs).toBe(timers.nowMs() + 1000);
});
