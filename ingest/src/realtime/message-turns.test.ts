import { expect, test } from 'vitest';
import { MessageTurns } from './message-turns.ts';

/** Asks for as many turns. @returns the numbers of the messages that were begun, in their order */
const ask = (turns: MessageTurns, count: number): number[] => {
  const begun: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const turn = turns.next();
    if (turn === undefined) begun.push(index);
    else void turn.then(() => begun.push(index));
  }
  return begun;
};
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const all = Array.from({ length: 10 }, (_, index) => index);

test('without arrivals, all messages of a turn are begun in it, in their order', async () => {
  const begun = ask(new MessageTurns(), 10);
  await nextTurn();
  expect(begun).toEqual(all);
});

test('in a turn in which a client connects, three messages are begun; the others wait', async () => {
  const turns = new MessageTurns();
  turns.arrived();
  const begun = ask(turns, 10);
  await nextTurn();
  expect(begun).toEqual([0, 1, 2]);
  turns.arrived();
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  await nextTurn();
  expect(begun).toEqual(all);
});

test('a message that arrives while others wait is begun after them', async () => {
  const turns = new MessageTurns();
  turns.arrived();
  const first = ask(turns, 5);
  await nextTurn();
  turns.arrived();
  const later = ask(turns, 5);
  await nextTurn();
  expect([first.length, later]).toEqual([5, [0]]);
  await nextTurn();
  expect(later).toEqual([0, 1, 2, 3, 4]);
});
