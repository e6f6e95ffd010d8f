import { expect, test } from 'vitest';
import { MessageTurns } from './message-turns.ts';

/** Turns that take as long as the test says. */
const turnsOf = () => {
  let nowMs = 0;
  const turns = new MessageTurns(() => nowMs);
  return {
    turns,
    turn: async ({ arrives, lengthMs }: { arrives: boolean; lengthMs: number }): Promise<void> => {
      if (arrives) turns.arrived();
      nowMs += lengthMs;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

/** Asks to begin as many messages. @returns the numbers of those that were begun, in their order */
const ask = (turns: MessageTurns, count: number): number[] => {
  const begun: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const turn = turns.next();
    if (turn === undefined) begun.push(index);
    else void turn.then(() => begun.push(index));
  }
  return begun;
};
const all = Array.from({ length: 10 }, (_, index) => index);

test('short turns do not limit messages, even while clients connect', async () => {
  const { turns, turn } = turnsOf();
  for (const arrives of [true, true, false]) {
    expect(ask(turns, 10)).toEqual(all);
    await turn({ arrives, lengthMs: 60 });
  }
});

test('long turns without new clients do not limit messages', async () => {
  const { turns, turn } = turnsOf();
  ask(turns, 1);
  await turn({ arrives: false, lengthMs: 500 });
  expect(ask(turns, 10)).toEqual(all);
});

test('a long turn with a new client limits the next turns to three messages, until a turn has no new client', async () => {
  const { turns, turn } = turnsOf();
  await turn({ arrives: true, lengthMs: 500 });
  const begun = ask(turns, 10);
  expect(begun).toEqual([0, 1, 2]);
  await turn({ arrives: true, lengthMs: 5 });
  await turn({ arrives: true, lengthMs: 5 });
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  await turn({ arrives: false, lengthMs: 5 });
  expect(begun).toEqual(all);
  expect(ask(turns, 10)).toEqual(all);
});

test('a message that arrives while others wait is begun after them', async () => {
  const { turns, turn } = turnsOf();
  await turn({ arrives: true, lengthMs: 500 });
  const first = ask(turns, 5);
  await turn({ arrives: true, lengthMs: 5 });
  const later = ask(turns, 5);
  await turn({ arrives: true, lengthMs: 5 });
  expect([first.length, later]).toEqual([5, [0]]);
  await turn({ arrives: false, lengthMs: 5 });
  expect(later).toEqual([0, 1, 2, 3, 4]);
});
