import { describe, expect, test } from 'vitest';
import { sampleStudent } from '../../testing/sample-exam.ts';
import { SeatCollection } from './seat-collection.ts';
import { countByFilter } from './seat-order.ts';
import { seatsOf } from './seat.ts';

const session = (id: string, status: 'running' | 'ended' = 'running') =>
  ({ session_id: id, status, started_at: '2026-01-05T09:00:00.000Z', ended_at: null, has_frames: true }) as never;
const sentinel = (sentinelId: string, name: string) => ({ sentinelId, name }) as never;

/** The seats: name, session and whether it is connected. */
const seats = (collection: SeatCollection): unknown[] =>
  seatsOf(collection).map(({ name, sessionId, isPresent }) => [name, sessionId, isPresent]);

describe('the students of an exam', () => {
  test('come from the exam’s state, with what their pages noticed and whether they have submitted', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([
      sampleStudent('a', 'Ada', { violations: { TAB_SWITCH: 2, PASTE_ATTEMPT: 1 }, answered_questions: 7 }),
      sampleStudent('b', 'Grace', { submission: { submitted_at: 't' } as never, sessions: [session('s-0', 'ended')] }),
    ]);
    expect([...collection.students]).toEqual([
      ['a', { name: 'Ada', pageViolations: 3, hasSubmitted: false, answered: 7, hasEnded: false, coverage: null }],
      ['b', { name: 'Grace', pageViolations: 0, hasSubmitted: true, answered: 0, hasEnded: true, coverage: null }],
    ]);
  });

  test('have a session that began before this page was opened, which may be offline', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada', { sessions: [session('s-1')] })]);
    expect(seats(collection)).toEqual([['Ada', 's-1', false]]);
  });

  test('are still expected while their session has no frames, and lost once it has', () => {
    const collection = new SeatCollection(false);
    const before = {
      session_id: 's-1',
      status: 'running',
      started_at: 't',
      ended_at: null,
      has_frames: false,
    } as never;
    collection.setStudents([sampleStudent('a', 'Ada', { sessions: [before] })]);
    expect(seats(collection)).toEqual([['Ada', null, false]]);
    expect(countByFilter(seatsOf(collection), new Map())).toMatchObject({ expected: 1, lost: 0, attention: 0 });
    collection.setStudents([sampleStudent('a', 'Ada', { sessions: [session('s-1')] })]);
    expect(countByFilter(seatsOf(collection), new Map())).toMatchObject({ expected: 0, lost: 1, attention: 1 });
  });

  test('do not sit in a session that has ended', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada', { sessions: [session('s-1', 'ended')] })]);
    expect(seats(collection)).toEqual([['Ada', null, false]]);
  });

  test('are no longer there once the exam’s state does not list them', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada'), sampleStudent('b', 'Grace')]);
    collection.setStudents([sampleStudent('b', 'Grace')]);
    expect(seats(collection)).toEqual([['Grace', null, false]]);
  });
});

describe('who is connected', () => {
  test('matches the newest list', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada'), sampleStudent('b', 'Grace')]);
    collection.setPresent([sentinel('s-1', 'a'), sentinel('s-2', 'b')], 1000);
    collection.setPresent([sentinel('s-2', 'b')], 1000);
    expect(seats(collection)).toEqual([
      ['Ada', 's-1', false],
      ['Grace', 's-2', true],
    ]);
  });

  test('is lost from the moment that the list leaves it out, until it is back', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada')]);
    collection.setPresent([sentinel('s-1', 'a')], 1000);
    collection.setPresent([], 2000);
    collection.setPresent([], 3000);
    expect(seatsOf(collection)[0]).toMatchObject({ isPresent: false, lostAtMs: 2000 });
    collection.setPresent([sentinel('s-1', 'a')], 4000);
    expect(seatsOf(collection)[0]).toMatchObject({ isPresent: true, lostAtMs: null });
  });

  test('is the newest session of a student who comes back to an earlier one', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada')]);
    collection.setPresent([sentinel('s-1', 'a')], 1000);
    collection.setPresent([sentinel('s-2', 'a')], 1000);
    collection.setPresent([], 1000);
    collection.setPresent([sentinel('s-1', 'a')], 1000);
    expect(seats(collection)).toEqual([['Ada', 's-1', true]]);
    collection.setPresent([], 1000);
    expect(seats(collection)).toEqual([['Ada', 's-1', false]]);
  });

  test('stays known when the exam is read again', () => {
    const collection = new SeatCollection(false);
    const students = [sampleStudent('a', 'Ada', { sessions: [session('s-1')] })];
    collection.setStudents(students);
    collection.setPresent([sentinel('s-1', 'Ada')], 1000);
    collection.setStudents(students);
    expect(seats(collection)).toEqual([['Ada', 's-1', true]]);
  });

  test('is shown without being enrolled only where the exam lets anyone in', () => {
    for (const [isOpen, expected] of [
      [true, [['Eve', 's-9', true]]],
      [false, []],
    ] as const) {
      const collection = new SeatCollection(isOpen);
      collection.setPresent([sentinel('s-9', 'Eve')], 1000);
      expect(seats(collection)).toEqual(expected);
    }
  });
});

describe('whose session it is', () => {
  test('is news once', () => {
    const collection = new SeatCollection(false);
    expect(collection.setOwner('s-1', 'a')).toBe(true);
    expect(collection.setOwner('s-1', 'a')).toBe(false);
    expect(collection.setOwner('s-1', 'b')).toBe(true);
  });

  test('decides between two students of one name', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Kim'), sampleStudent('b', 'Kim')]);
    collection.setPresent([sentinel('s-1', 'Kim')], 1000);
    expect(seats(collection)).toEqual([
      ['Kim', null, false],
      ['Kim', null, false],
    ]);
    collection.setOwner('s-1', 'b');
    expect(seats(collection)).toEqual([
      ['Kim', null, false],
      ['Kim', 's-1', true],
    ]);
  });
});

describe('a change about one student', () => {
  test('is taken in where the student is known, and only there', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a', 'Ada')]);
    expect(collection.change('a', { hasSubmitted: true })).toBe(true);
    expect(collection.students.get('a')).toMatchObject({ name: 'Ada', hasSubmitted: true });
    expect(collection.change('z', { hasSubmitted: true })).toBe(false);
    expect(collection.students.size).toBe(1);
  });
});
