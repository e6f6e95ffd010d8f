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

test('a checkpoint is due at most 10 s after the first frame that it lacks', () => {
  const { schedule, pass } = setUp();
  schedule.stored('ada', 1);
  expect(schedule.takeDue()).toEqual([]);
  pass(10_000);
  expect(schedule.takeDue()).toEqual(['ada']);
});

test('the checkpoints of students who begin together and send alike are spread over the 10 s, and stay spread', () => {
  const { schedule, pass } = setUp();
  const students = Array.from({ length: 1000 }, (_, at) => `student-${at}`);
  for (let second = 0; second < 40; second += 1) {
    for (const id of students) schedule.stored(id, 5);
    pass(1000);
    // A tenth of them each second, with a standard deviation of 9.5.
    const due = schedule.takeDue().length;
    expect(due).toBeGreaterThan(60);
    expect(due).toBeLessThan(140);
  }
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
