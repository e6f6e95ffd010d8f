import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepAttendance } from './attendance-reducer.ts';
import type { AttendanceStep, Place } from './attendance-reducer.ts';

const place = (userId: string, slot: string, connectionId: string): Place => ({
  slot: `${userId}/${slot}`,
  connectionId,
  userId,
  isStudent: !userId.startsWith('t'),
  replicaId: 'r',
  connectedAt: '2026-01-05T09:00:00.000Z',
});

const steps: fc.Arbitrary<AttendanceStep[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('enter', 'restore', 'leave'),
    place: fc
      .tuple(fc.constantFrom('ada', 'bob', 'tina'), fc.constantFrom('room', 'session'), fc.constantFrom('1', '2', '3'))
      .map((words) => place(...words)),
  }),
  { maxLength: 40 },
);

const write = (present: readonly Place[], { taken, freed }: { taken: Place[]; freed: string[] }): Place[] => {
  const slots = new Map(present.map((one) => [one.slot, one]));
  for (const slot of freed) slots.delete(slot);
  for (const one of taken) slots.set(one.slot, one);
  return [...slots.values()];
};

const studentsIn = (present: readonly Place[]): number =>
  new Set(present.filter(({ isStudent }) => isStudent).map(({ userId }) => userId)).size;

test('steps applied together give the same result as one by one', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const atOnce = stepAttendance([], all);
      let present: Place[] = [];
      const oneByOne = all.map((step) => {
        const outcome = stepAttendance(present, [step]);
        present = write(present, outcome);
        expect(outcome.changes[0]?.connectedCount).toBe(studentsIn(present));
        return outcome.changes[0];
      });
      expect(atOnce.changes).toEqual(oneByOne);
      expect(new Set(write([], atOnce))).toEqual(new Set(present));
    }),
  );
});

test('a person’s changes alternate between arrived and left, for any sequence of connections', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { changes } = stepAttendance([], all);
      const isThere = new Map<string, boolean>();
      for (const [index, { kind, place: one }] of all.entries()) {
        if (changes[index]?.changed !== true) continue;
        const comes = kind !== 'leave';
        expect(isThere.get(one.userId) ?? false).toBe(!comes);
        isThere.set(one.userId, comes);
      }
    }),
  );
});

test('the late leave of a replaced connection changes nothing', () => {
  const [older, newer] = [place('ada', 'room', '1'), place('ada', 'room', '2')];
  const { changes, taken, freed } = stepAttendance(
    [older],
    [
      { kind: 'enter', place: newer },
      { kind: 'leave', place: older },
    ],
  );
  expect(changes).toEqual([
    { changed: false, connectedCount: 1 },
    { changed: false, connectedCount: 1 },
  ]);
  expect([taken, freed]).toEqual([[newer], []]);
});

test('places of people whom no step concerns only have to be counted', () => {
  fc.assert(
    fc.property(steps, steps, (before, all) => {
      const present = write([], stepAttendance([], before));
      const concerned = new Set(all.map(({ place: { userId } }) => userId));
      const read = present.filter(({ userId }) => concerned.has(userId));
      const others = studentsIn(present) - studentsIn(read);
      expect(stepAttendance(read, all, others).changes).toEqual(stepAttendance(present, all).changes);
    }),
  );
});
