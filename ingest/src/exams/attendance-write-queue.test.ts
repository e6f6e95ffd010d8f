import { beforeEach, expect, test } from 'vitest';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import { AttendanceWriteQueue } from './attendance-write-queue.ts';

interface Write {
  examId: string;
  steps: readonly AttendanceStep[];
  finish(): void;
  fail(): void;
}

/** Records whose writes finish when the test lets them. Each change counts the previous steps. */
class HeldRecords {
  readonly writes: Write[] = [];

  change(examId: string, steps: readonly AttendanceStep[]): Promise<AttendanceChange[]> {
    return new Promise((resolve, reject) => {
      this.writes.push({
        examId,
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
  records = new HeldRecords();
  queue = new AttendanceWriteQueue(records as unknown as AttendanceRecords);
});

const step = (userId: string): AttendanceStep => ({
  kind: 'leave',
  place: { slot: userId, connectionId: userId, userId },
});
const usersOf = ({ steps }: Write): string[] => steps.map(({ place }) => place.userId);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('writes the first step at once, and batches those that arrive in the meantime', async () => {
  const first = queue.take('physics', step('ada'));
  const later = ['bob', 'cleo', 'dora'].map((userId) => queue.take('physics', step(userId)));
  expect(records.writes.map(usersOf)).toEqual([['ada']]);
  records.writes[0]?.finish();
  await first;
  await turn();
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob', 'cleo', 'dora']]);
  records.writes[1]?.finish();
  expect((await Promise.all(later)).map(({ connectedCount }) => connectedCount)).toEqual([0, 1, 2]);
});

test('an exam has one write at a time, and exams do not wait for one another', async () => {
  const taken = [queue.take('physics', step('ada')), queue.take('maths', step('bob'))];
  void queue.take('physics', step('cleo')).catch(() => undefined);
  expect(records.writes.map(({ examId }) => examId)).toEqual(['physics', 'maths']);
  records.writes[1]?.finish();
  await taken[1];
  await turn();
  expect(records.writes).toHaveLength(2);
});

test('a write takes at most 500 steps, in their order', async () => {
  void queue.take('physics', step('first'));
  const all = Array.from({ length: 1200 }, (_, at) => queue.take('physics', step(`s${at}`)));
  for (let write = 0; write < 4; write += 1) {
    records.writes[write]?.finish();
    await turn();
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
  await turn();
  records.writes[1]?.finish();
  expect(await next).toEqual({ changed: true, connectedCount: 0 });
});

test('a step after a quiet time is written at once again', async () => {
  const first = queue.take('physics', step('ada'));
  records.writes[0]?.finish();
  await first;
  await turn();
  void queue.take('physics', step('bob'));
  expect(records.writes.map(usersOf)).toEqual([['ada'], ['bob']]);
});
