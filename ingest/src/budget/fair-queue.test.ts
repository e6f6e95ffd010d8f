import { beforeEach, expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

let turns: (() => void)[];
let queue: FairQueue;
let started: { name: string; end: () => void }[];
beforeEach(() => {
  turns = [];
  started = [];
  queue = new FairQueue({ running: 2, waiting: 5, nextTurn: (callback) => turns.push(callback) });
});

const enter = async (owner: string): Promise<boolean> => {
  const end = await queue.enter(owner);
  if (end !== null) started.push({ name: owner, end });
  return end !== null;
};
const turn = async (): Promise<void> => {
  turns.shift()?.();
  await new Promise(setImmediate);
};
const names = (): string[] => started.map(({ name }) => name);

test('starts one task a turn', async () => {
  for (const owner of ['ada', 'bob', 'cem']) void enter(owner);
  expect(names()).toEqual([]);
  await turn();
  expect(names()).toEqual(['ada']);
  await turn();
  expect(names()).toEqual(['ada', 'bob']);
});

test('an owner with many tasks does not delay the only task of another', async () => {
  for (let index = 0; index < 5; index += 1) void enter('mallory');
  void enter('ada');
  await turn();
  await turn();
  expect(names()).toEqual(['mallory', 'ada']);
});

test('an owner runs a limited number of tasks at a time', async () => {
  for (let index = 0; index < 4; index += 1) void enter('mallory');
  for (let index = 0; index < 10; index += 1) await turn();
  expect(names()).toHaveLength(2);
  started[0]?.end();
  started[0]?.end();
  for (let index = 0; index < 10; index += 1) await turn();
  expect(names()).toHaveLength(3);
});

test('a task too many is refused at once, and others are not affected', async () => {
  for (let index = 0; index < 5; index += 1) void enter('mallory');
  expect(await enter('mallory')).toBe(false);
  void enter('ada');
  await turn();
  await turn();
  expect(names()).toContain('ada');
});

test('keeps nothing of owners whose tasks have ended', async () => {
  for (let index = 0; index < 3; index += 1) void enter('ada');
  for (let index = 0; index < 3; index += 1) {
    await turn();
    started.at(-1)?.end();
  }
  await turn();
  expect(names()).toHaveLength(3);
  expect(queue.size).toBe(0);
});
