import { expect, test } from 'vitest';
import { SteadyClock } from './steady-clock.ts';

const open = () => {
  const at = { wall: 1_000_000, monotonic: 50, uptime: 7000 };
  const clock = new SteadyClock({
    wallMs: () => at.wall,
    monotonicMs: () => at.monotonic,
    uptimeMs: () => at.uptime,
  });
  const pass = (ms: number): void => {
    for (const name of ['wall', 'monotonic', 'uptime'] as const) at[name] += ms;
  };
  return { clock, at, pass };
};

test('shows the time of day, and what passes', () => {
  const { clock, pass } = open();
  expect(clock.now()).toBe(1_000_000);
  pass(1234);
  expect([clock.now(), clock.leapMs()]).toEqual([1_001_234, 0]);
});

test('goes on when the wall clock is set, and states by how much', () => {
  const { clock, at, pass } = open();
  at.wall += 400 * 86_400_000;
  pass(1000);
  expect([clock.now(), clock.leapMs()]).toEqual([1_001_000, 400 * 86_400_000]);
  at.wall -= 401 * 86_400_000;
  expect([clock.now(), clock.leapMs()]).toEqual([1_001_000, -86_400_000]);
});

test('counts the time that the machine was suspended', () => {
  const { clock, at, pass } = open();
  pass(1000);
  at.wall += 3_600_000;
  at.uptime += 3_600_000;
  expect([clock.now(), clock.leapMs()]).toEqual([4_601_000, 0]);
});

test('reads the uptime rarely, but at once after a suspension', () => {
  const at = { wall: 1_000_000, monotonic: 50, uptime: 7000, reads: 0 };
  const clock = new SteadyClock({
    wallMs: () => at.wall,
    monotonicMs: () => at.monotonic,
    uptimeMs: () => {
      at.reads += 1;
      return at.uptime;
    },
  });
  const before = at.reads;
  let wrong = 0;
  for (let ms = 0; ms < 5000; ms += 1) {
    for (const name of ['wall', 'monotonic', 'uptime'] as const) at[name] += 1;
    if (clock.now() !== 1_000_001 + ms) wrong += 1;
  }
  expect(wrong).toBe(0);
  expect(at.reads - before).toBeLessThanOrEqual(11);
  at.wall += 2500;
  at.uptime += 2500;
  expect(clock.now()).toBe(1_007_500);
});

test('notices a suspension within a second if the wall clock hides it', () => {
  const { clock, at, pass } = open();
  expect(clock.now()).toBe(1_000_000);
  at.uptime += 60_000;
  pass(1000);
  expect(clock.now()).toBe(1_061_000);
});
