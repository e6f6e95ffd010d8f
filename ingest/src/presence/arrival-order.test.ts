import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ArrivalOrder } from './arrival-order.ts';

const enter = (sequenceId: number) => ['agent.enter', 'web.ada', sequenceId] as const;
const leave = (sequenceId: number) => ['agent.leave', 'web.ada', sequenceId] as const;
const newsOf = (events: readonly (readonly ['agent.enter' | 'agent.leave', string, number])[]): string[] => {
  const order = new ArrivalOrder();
  return events.filter((event) => order.isNews(...event)).map(([label, , sequenceId]) => `${label} ${sequenceId}`);
};

test.each([
  ['comes and goes', [enter(1), leave(1)], ['agent.enter 1', 'agent.leave 1']],
  ['is announced twice', [enter(1), enter(1), leave(1), leave(1)], ['agent.enter 1', 'agent.leave 1']],
  ['moved, and the old departure arrives late', [enter(1), enter(2), leave(1)], ['agent.enter 1']],
  [
    'moved, left and came back',
    [enter(1), enter(2), leave(2), enter(3)],
    ['agent.enter 1', 'agent.leave 2', 'agent.enter 3'],
  ],
  ['was there before anybody listened', [leave(1)], ['agent.leave 1']],
])('news of an agent who %s', (_what, events, news) => {
  expect(newsOf(events)).toEqual(news);
});

test('in any order, and with any repetitions, arrivals and departures alternate and end in the last state', () => {
  const sessions = 6;
  const all = Array.from({ length: sessions }, (_, index) => [enter(index + 1), leave(index + 1)]).flat();
  fc.assert(
    fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 1 }), fc.boolean(), (events, stays) => {
      // The last session's own events come from one replica, in order.
      const told = [...events, enter(sessions + 1), ...(stays ? [] : [leave(sessions + 1)])];
      const labels = newsOf(told).map((event) => event.split(' ')[0]);
      const alternate = labels.every((label, index) => label !== labels[index - 1]);
      expect([alternate, labels.at(-1)]).toEqual([true, stays ? 'agent.enter' : 'agent.leave']);
    }),
  );
});
