import type { ExamStatus } from '@invigil/protocol/channels';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { ExamStays } from './exam-stays.ts';

let bus: Bus;
let stays: ExamStays;
let ended: string[];
/** What the records say, or that they fail. */
let recorded: ExamStatus | Error | null;
let errors: unknown[];
beforeEach(() => {
  bus = localBus();
  recorded = null;
  errors = [];
  stays = new ExamStays({
    bus,
    async statusOf() {
      if (recorded instanceof Error) throw recorded;
      return recorded;
    },
    onError: (error) => errors.push(error),
  });
  ended = [];
});
afterEach(async () => {
  vi.useRealTimers();
  await bus.close();
});

const publish = async (examId: string, status: ExamStatus): Promise<void> => {
  const timestamp = '2026-01-05T10:00:00.000Z';
  new ExamEvents(bus).toAll({ type: 'session_status_changed', session_id: examId, timestamp, status });
  await new Promise((resolve) => setImmediate(resolve));
};
const begin = (examId: string, name: string) => stays.begin(examId, (status) => ended.push(`${name} ${status}`));

test.each(['COMPLETED', 'CANCELLED'] as const)('every connection of an exam ends once it is %s', async (status) => {
  begin('physics', 'ada');
  begin('physics', 'bob');
  begin('maths', 'cleo');
  await publish('physics', status);
  expect(ended).toEqual([`ada ${status}`, `bob ${status}`]);
});

test.each(['WAITING', 'IN_PROGRESS'] as const)('no connection ends because its exam becomes %s', async (status) => {
  begin('physics', 'ada');
  await publish('physics', status);
  expect(ended).toEqual([]);
});

test('a connection that left is not ended, and its exam’s others are', async () => {
  const leave = begin('physics', 'ada');
  begin('physics', 'bob');
  leave();
  leave();
  await publish('physics', 'COMPLETED');
  expect(ended).toEqual(['bob COMPLETED']);
});

test('an exam has one subscription for all its connections, closed with the last', () => {
  const subscribe = vi.spyOn(bus, 'subscribe');
  const leaves = [begin('physics', 'ada'), begin('physics', 'bob')];
  expect(subscribe).toHaveBeenCalledTimes(1);
  for (const leave of leaves) leave();
  begin('physics', 'cleo');
  expect(subscribe).toHaveBeenCalledTimes(2);
});

test('leaving twice does not close the subscription of connections that came later', async () => {
  const leave = begin('physics', 'ada');
  leave();
  begin('physics', 'bob');
  leave();
  await publish('physics', 'COMPLETED');
  expect(ended).toEqual(['bob COMPLETED']);
});

test('a connection that leaves while its exam ends does not keep the others', async () => {
  const leaves: (() => void)[] = [];
  leaves.push(stays.begin('physics', () => leaves.forEach((leave) => leave())));
  const bob = vi.fn<(status: ExamStatus) => void>();
  stays.begin('physics', bob);
  await publish('physics', 'COMPLETED');
  expect(bob).toHaveBeenCalledExactlyOnceWith('COMPLETED');
});

test('a connection of an exam that ended before it was subscribed ends as well', async () => {
  recorded = 'CANCELLED';
  begin('physics', 'ada');
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toEqual(['ada CANCELLED']);
});

test('a connection of such an exam ends though the records fail at first', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  recorded = new Error('records away');
  begin('physics', 'ada');
  await new Promise((resolve) => setImmediate(resolve));
  expect([ended, errors]).toEqual([[], [recorded]]);
  recorded = 'COMPLETED';
  vi.advanceTimersByTime(5000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toEqual(['ada COMPLETED']);
});
