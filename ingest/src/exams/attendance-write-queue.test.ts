import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';
import type { ExamAttendanceStep } from '../records/attendance-records.ts';
import { AttendanceWriteQueue } from './attendance-write-queue.ts';

interface Write {
  steps: readonly ExamAttendanceStep[];
  finish(): void;
  fail(): void;
}

/** Records whose writes finish when the test lets them. Each change counts the previous steps. */
class HeldRecords {
  readonly writes: Write[] = [];

  change(steps: readonly ExamAttendanceStep[]): Promise<AttendanceChange[]> {
    return new Promise((resolve, reject) => {
      this.writes.push({
        steps,
        finish: () => resolve(steps.map((_step, index) => ({ changed: true, connectedCount: index }))),
        fail: () => reject(new Error('records away')),
      });
    });
  }
}

let records: HeldRecords;
let queue: AttendanceWriteQueue;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  records = new HeldRecords();
  queue = new AttendanceWriteQueue(records);
});
afterEach(() => vi.useRealTimers());

const step = (userId: string): AttendanceStep => ({
  kind: 'leave',
  place: { slot: userId, connectionId: userId, userId },
});
const usersOf = ({ steps }: Write): string[] => steps.map(({ step: { place } }) => place.userId);
/** Longer than a crowd is gathered. */
const pause = (): Promise<unknown> => vi.advanceTimersByTimeAsync(30);

test('writes the first step at once, and batches those that arrive in the meantime, of any exam', async () => {
  const first = queue.take('physics', step('ada'));
  const later = ['bob', 'cleo', 'dora'].map((userId, at) => queue.take(`exam-${at % 2}`, step(userId)));
  expect(records.writes.map(usersOf)).toEqual([['ada']]);
  records.writes[0]?.finish();
  await first;
  await pause();
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob', 'cleo', 'dora']]);
  records.writes[1]?.finish();
  expect((await Promise.all(later)).map(({ connectedCount }) => connectedCount)).toEqual([0, 1, 2]);
});

test('steps shortly after a write are gathered, even if it has finished', async () => {
  const first = queue.take('physics', step('ada'));
  records.writes[0]?.finish();
  await first;
  void queue.take('physics', step('bob'));
  void queue.take('maths', step('cleo'));
  await vi.advanceTimersByTimeAsync(1);
  expect(records.writes).toHaveLength(1);
  await pause();
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob', 'cleo']]);
});

test('there is one write at a time', async () => {
  void queue.take('physics', step('ada'));
  void queue.take('maths', step('bob'));
  await pause();
  expect(records.writes.map(usersOf)).toEqual([['ada']]);
});

test('a write takes at most 500 steps, in their order, and more follow without a pause', async () => {
  void queue.take('physics', step('first'));
  const all = Array.from({ length: 1200 }, (_, at) => queue.take('physics', step(`s${at}`)));
  for (let write = 0; write < 4; write += 1) {
    records.writes[write]?.finish();
    await (write < 3 ? vi.advanceTimersByTimeAsync(0) : pause());
    if (write === 2) await pause();
  }
  await Promise.all(all);
  expect(records.writes.map(({ steps }) => steps.length)).toEqual([1, 500, 500, 200]);
  expect(records.writes.slice(1).flatMap(usersOf)).toEqual(Array.from({ length: 1200 }, (_, at) => `s${at}`));
});

test('a write that fails rejects its own steps, and the next ones are written', async () => {
  const failing = queue.take('physics', step('ada'));
  const next = queue.take('physics', step('bob'));
  records.writes[0]?.fail();
  await expect(failing).rejects.toThrow('records away');
  await pause();
  records.writes[1]?.finish();
  expect(await next).toEqual({ changed: true, connectedCount: 0 });
});

test('after a write of several exams that fails, each exam is written on its own, once', async () => {
  const first = queue.take('physics', step('ada'));
  records.writes[0]?.finish();
  await first;
  const [bob, cleo, dora] = [
    queue.take('physics', step('bob')),
    queue.take('maths', step('cleo')),
    queue.take('physics', step('dora')),
  ];
  const rejected = Promise.allSettled([bob, dora]);
  await pause();
  for (const finish of [false, false, true]) {
    const write = records.writes.at(-1);
    if (finish) write?.finish();
    else write?.fail();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob', 'cleo', 'dora'], ['bob', 'dora'], ['cleo']]);
  expect((await rejected).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await cleo).toEqual({ changed: true, connectedCount: 0 });
});

test('during an outage, not every exam waits for its own failure', async () => {
  const first = queue.take('physics', step('ada'));
  records.writes[0]?.finish();
  await first;
  const all = Promise.allSettled(Array.from({ length: 50 }, (_, at) => queue.take(`exam-${at}`, step(`s${at}`))));
  await pause();
  for (let write = 1; write <= 3; write += 1) {
    records.writes[write]?.fail();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(new Set((await all).map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(records.writes.slice(1).map(({ steps }) => steps.length)).toEqual([50, 1, 1]);
});

test('a step after a quiet time is written at once again', async () => {
  const first = queue.take('physics', step('ada'));
  records.writes[0]?.finish();
  await first;
  await pause();
  void queue.take('physics', step('bob'));
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob']]);
});
