import { examStatuses } from '@invigil/protocol/channels';
import { describe, expect, test } from 'vitest';
import { entryRefusal, isOver, submitGraceMs, transitions, wrongStep } from './exam-status.ts';
import type { ExamStep } from './exam-status.ts';

const completedMs = Date.UTC(2026, 0, 5, 10);
const completedAt = new Date(completedMs).toISOString();

test('an exam only moves forward, and a finished one stays finished', () => {
  for (const { from, to } of Object.values(transitions)) {
    for (const status of from) {
      expect(examStatuses.indexOf(to)).toBeGreaterThan(examStatuses.indexOf(status));
      expect(isOver(status)).toBe(false);
    }
  }
});

test.each([
  ['open', 'WAITING', 'an exam that is WAITING cannot be opened; it must be SCHEDULED'],
  ['start', 'SCHEDULED', 'an exam that is SCHEDULED cannot be started; it must be WAITING'],
  ['complete', 'WAITING', 'an exam that is WAITING cannot be completed; it must be IN_PROGRESS'],
  [
    'cancel',
    'COMPLETED',
    'an exam that is COMPLETED cannot be cancelled; it must be SCHEDULED or WAITING or IN_PROGRESS',
  ],
] as [ExamStep, 'WAITING' | 'SCHEDULED' | 'COMPLETED', string][])(
  'a refused step %s of an exam that is %s names the required status',
  (step, status, message) => {
    expect(wrongStep(step, status)).toBe(message);
  },
);

describe('who may enter the room of an exam', () => {
  const refusal = (
    status: (typeof examStatuses)[number],
    isStudent: boolean,
    afterMs = 0,
    createdBy: string | null = 't',
  ) =>
    entryRefusal(
      { status, createdBy, completedAt: status === 'COMPLETED' ? completedAt : null },
      isStudent,
      completedMs + afterMs,
    );

  test.each([
    ['SCHEDULED', 'the exam is SCHEDULED; students can enter once the waiting room is open', null],
    ['WAITING', null, null],
    ['IN_PROGRESS', null, null],
    ['COMPLETED', 'the exam is COMPLETED', null],
    ['CANCELLED', 'the exam is CANCELLED', 'the exam is CANCELLED'],
  ] as const)('while it is %s', (status, forStudent, forTeacher) => {
    expect([refusal(status, true), refusal(status, false)]).toEqual([forStudent, forTeacher]);
  });

  test('a teacher may watch students hand in until the grace is over, to the millisecond', () => {
    expect(refusal('COMPLETED', false, submitGraceMs)).toBeNull();
    expect(refusal('COMPLETED', false, submitGraceMs + 1)).toBe('the exam is COMPLETED');
  });

  test('an exam that another system manages has no waiting room to wait for', () => {
    expect(refusal('SCHEDULED', true, 0, null)).toBeNull();
  });

  test('a completed exam without a time of completion admits nobody', () => {
    expect(entryRefusal({ status: 'COMPLETED', createdBy: 't', completedAt: null }, false, completedMs)).toBe(
      'the exam is COMPLETED',
    );
  });
});
