import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { ClockRelation } from '../outbox/session-time.ts';
import { ClockQuery } from './clock-query.ts';

const setUp = () => {
  const timers = new ManualTimers(1_000_000);
  const relations: (ClockRelation | null)[] = [];
  const clock = new ClockQuery(timers, async (relation) => {
    relations.push(relation);
  });
  return { timers, relations, clock };
};

test('takes the server’s time to be half a round trip old', async () => {
  const { timers, relations, clock } = setUp();
  clock.ask();
  await timers.advance(200);
  await clock.answer(5_000_000);
  expect(relations).toEqual([{ serverMs: 5_000_100, deviceMs: 1_000_200, toleranceMs: 100 }]);
  expect(clock.offsetMs).toBe(3_999_900);
});

test('measures the round trip on the steady clock, whatever is done to the device’s', async () => {
  const { timers, relations, clock } = setUp();
  clock.ask();
  await timers.advance(50);
  timers.setByMs = -3_600_000;
  await timers.advance(50);
  await clock.answer(1_000_050);
  expect(relations[0]?.toleranceMs).toBe(50);
  expect(clock.offsetMs).toBe(3_600_000);
});

test('a second question does not make the answer to the first look faster', async () => {
  const { timers, relations, clock } = setUp();
  clock.ask();
  await timers.advance(300);
  clock.ask();
  await timers.advance(100);
  await clock.answer(2_000_000);
  expect(relations[0]?.toleranceMs).toBe(200);
});

test('ignores an unexpected or repeated answer', async () => {
  const { relations, clock } = setUp();
  await clock.answer(5);
  clock.ask();
  await clock.answer(5);
  await clock.answer(6);
  expect(relations).toHaveLength(1);
});

test('an answer to a question of a lost connection is ignored', async () => {
  const { relations, clock } = setUp();
  clock.ask();
  clock.cancel();
  await clock.answer(5);
  expect(relations).toEqual([]);
  expect(clock.offsetMs).toBeNull();
});

test('a server that does not say its time answers all the same, and the last offset stays', async () => {
  const { timers, relations, clock } = setUp();
  clock.ask();
  await clock.answer(1_000_040);
  clock.ask();
  await timers.advance(10);
  await clock.answer(NaN);
  expect(relations.at(-1)).toBeNull();
  expect(clock.offsetMs).toBe(40);
});

test('resolves only when the relation was dealt with: nothing is sent before', async () => {
  const timers = new ManualTimers();
  let finish = (): void => undefined;
  const clock = new ClockQuery(timers, () => new Promise((resolve) => (finish = resolve)));
  clock.ask();
  let isAnswered = false;
  const answered = clock.answer(1).then(() => (isAnswered = true));
  await timers.advance(1);
  expect(isAnswered).toBe(false);
  finish();
  await answered;
  expect(isAnswered).toBe(true);
});
