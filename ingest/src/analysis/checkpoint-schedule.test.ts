import { expect, test } from 'vitest';
import { CheckpointSchedule, isFarAhead } from './checkpoint-schedule.ts';

const setUp = () => {
  let nowMs = 0;
  return { schedule: new CheckpointSchedule(() => nowMs), pass: (ms: number) => (nowMs += ms) };
};

test('a checkpoint is due after 50 frames', () => {
  const { schedule } = setUp();
  schedule.stored('ada', 49);
  expect(schedule.takeDue()).toEqual([]);
  schedule.stored('ada', 1);
  expect(schedule.takeDue()).toEqual(['ada']);
});

test('a checkpoint is due 10 s after the first frame that it lacks', () => {
  const { schedule, pass } = setUp();
  schedule.stored('ada', 1);
  pass(9_000);
  schedule.stored('ada', 1);
  pass(999);
  expect(schedule.takeDue()).toEqual([]);
  pass(1);
  expect(schedule.takeDue()).toEqual(['ada']);
});

test('counting starts again once a session was taken', () => {
  const { schedule } = setUp();
  schedule.stored('ada', 50);
  schedule.takeDue();
  schedule.stored('ada', 49);
  expect(schedule.takeDue()).toEqual([]);
});

test('counts sessions separately; a forgotten one is never due', () => {
  const { schedule } = setUp();
  for (const id of ['ada', 'bob', 'cleo']) schedule.stored(id, 50);
  schedule.forget('bob');
  expect(schedule.takeDue()).toEqual(['ada', 'cleo']);
  schedule.stored('ada', 50);
  schedule.clear();
  expect(schedule.takeDue()).toEqual([]);
});

test('an analysis is far ahead from 50 frames on', () => {
  expect(isFarAhead(149, 100)).toBe(false);
  expect(isFarAhead(150, 100)).toBe(true);
});
