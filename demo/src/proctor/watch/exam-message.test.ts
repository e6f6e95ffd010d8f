import type { ServerExamMessage } from '@invigil/protocol/channels';
import { describe, expect, test } from 'vitest';
import { sampleStudent } from '../../testing/sample-exam.ts';
import { applyExamMessage } from './exam-message.ts';
import { SeatCollection } from './seat-collection.ts';

const seats = () => {
  const collection = new SeatCollection(false);
  collection.setStudents([
    sampleStudent('a-1', 'Ada'),
    sampleStudent('a-2', 'Grace', { violations: { TAB_SWITCH: 1 } }),
  ]);
  return collection;
};
const message = (fields: object) => fields as ServerExamMessage;

describe('a message of the exam channel', () => {
  test.each(['connected', 'session_status_changed', 'participant_disconnected'])('%s requires a full read', (type) => {
    expect(applyExamMessage(seats(), message({ type }))).toBe('refresh');
  });

  test('about a known participant changes nothing; an unknown one requires a full read', () => {
    expect(applyExamMessage(seats(), message({ type: 'participant_joined', student_id: 'a-1' }))).toBe('none');
    expect(applyExamMessage(seats(), message({ type: 'participant_joined', student_id: 'b-1' }))).toBe('refresh');
  });

  test('sets the number of page events to the server’s count', () => {
    const collection = seats();
    const violation = message({ type: 'violation', student_id: 'a-2', total_count: 5 });
    expect(applyExamMessage(collection, violation)).toBe('seats_changed');
    expect(collection.students.get('a-2')?.pageViolations).toBe(5);
  });

  test('marks a submission', () => {
    const collection = seats();
    expect(applyExamMessage(collection, message({ type: 'student_submitted', student_id: 'a-1' }))).toBe(
      'seats_changed',
    );
    expect(collection.students.get('a-1')?.hasSubmitted).toBe(true);
    expect(applyExamMessage(collection, message({ type: 'student_submitted', student_id: 'x' }))).toBe('refresh');
  });

  test('counts a first answer, and not its changes', () => {
    const collection = seats();
    const answer = (studentId: string, isUpdate: boolean) =>
      applyExamMessage(collection, message({ type: 'student_answer', student_id: studentId, is_update: isUpdate }));
    expect([answer('a-1', false), answer('a-1', true), answer('x', false)]).toEqual([
      'seats_changed',
      'none',
      'refresh',
    ]);
    expect(collection.students.get('a-1')?.answered).toBe(1);
    const more = [{ is_update: false }, { is_update: true }, { is_update: false }];
    const several = message({ type: 'student_answer', student_id: 'a-1', is_update: true, more });
    expect(applyExamMessage(collection, several)).toBe('seats_changed');
    expect(collection.students.get('a-1')?.answered).toBe(3);
  });

  test('of any other type changes nothing', () => {
    expect(applyExamMessage(seats(), message({ type: 'heartbeat_ack' }))).toBe('none');
  });
});

describe('the collection of seats', () => {
  test('adds up the page events of a student', () => {
    const collection = new SeatCollection(false);
    collection.setStudents([sampleStudent('a-1', 'Ada', { violations: { TAB_SWITCH: 2, COPY_ATTEMPT: 1 } })]);
    expect(collection.students.get('a-1')?.pageViolations).toBe(3);
  });

  test('marks students who are not in the new list as disconnected', () => {
    const collection = seats();
    const ada = { sentinelId: 's-1', name: 'Ada' } as Parameters<SeatCollection['setPresent']>[0][number];
    collection.setPresent([ada], 1000);
    expect(collection.sessions.get('s-1')?.isPresent).toBe(true);
    collection.setPresent([], 2000);
    expect(collection.sessions.get('s-1')?.isPresent).toBe(false);
  });

  test('reports whether an owner is new', () => {
    const collection = seats();
    expect(collection.setOwner('s-1', 'a-1')).toBe(true);
    expect(collection.setOwner('s-1', 'a-1')).toBe(false);
  });
});
