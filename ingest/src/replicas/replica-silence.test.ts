import { expect, test } from 'vitest';
import { recordSilenceMs } from './liveness.ts';
import { ReplicaSilence } from './replica-silence.ts';

let nowMs = 0;
const silence = () => new ReplicaSilence(() => nowMs);
const other = (seenAt: string) => [{ replicaId: 'b', seenAt }];

test('a replica is silent once its heartbeat has not changed for the whole period', () => {
  const seen = silence();
  expect(seen.step(other('1'))).toEqual([]);
  nowMs += recordSilenceMs;
  expect(seen.step(other('1'))).toEqual([]);
  nowMs += 1;
  expect(seen.step(other('1'))).toEqual(other('1'));
});

test('a heartbeat that is set back by a year is still a heartbeat', () => {
  const seen = silence();
  seen.step(other('2026-01-05'));
  nowMs += recordSilenceMs + 1;
  expect(seen.step(other('2025-01-05'))).toEqual([]);
});

test('a replica that was removed and comes back starts over', () => {
  const seen = silence();
  seen.step(other('1'));
  seen.step([]);
  nowMs += recordSilenceMs + 1;
  expect(seen.step(other('1'))).toEqual([]);
});
