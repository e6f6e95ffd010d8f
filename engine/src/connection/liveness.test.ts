import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { Liveness } from './liveness.ts';

const setUp = () => {
  const timers = new ManualTimers();
  const liveness = new Liveness(timers);
  liveness.received();
  return { timers, liveness };
};

test('a socket is dead after a minute of silence, and not before', async () => {
  const { timers, liveness } = setUp();
  await timers.advance(60_000);
  expect(liveness.isSilent('socket')).toBe(false);
  await timers.advance(1);
  expect(liveness.isSilent('socket')).toBe(true);
  liveness.received();
  expect(liveness.isSilent('socket')).toBe(false);
});

test('over HTTP silence means nothing', async () => {
  const { timers, liveness } = setUp();
  await timers.advance(3_600_000);
  expect(liveness.isSilent('http')).toBe(false);
});

test('tells a message since a question from one before it', async () => {
  const { timers, liveness } = setUp();
  const askedMs = timers.steadyMs();
  expect(liveness.hasReceivedSince(askedMs)).toBe(false);
  await timers.advance(5);
  liveness.received();
  expect(liveness.hasReceivedSince(askedMs)).toBe(true);
});
