import type { ExamStatus } from '@invigil/protocol/channels';
import type { Exam } from './exam.ts';

/** A teacher's step in an exam's life cycle. */
export type ExamStep = 'open' | 'start' | 'complete' | 'cancel';

interface Transition {
  from: readonly ExamStatus[];
  to: ExamStatus;
}

export const transitions: Readonly<Record<ExamStep, Transition>> = {
  open: { from: ['SCHEDULED'], to: 'WAITING' },
  start: { from: ['WAITING'], to: 'IN_PROGRESS' },
  complete: { from: ['IN_PROGRESS'], to: 'COMPLETED' },
  cancel: { from: ['SCHEDULED', 'WAITING', 'IN_PROGRESS'], to: 'CANCELLED' },
};

/**
 * Clients submit automatically when the exam is completed. This is how long submissions are accepted, and how long teachers stay connected.
 */
export const submitGraceMs = 120_000;

const rank: Readonly<Record<ExamStatus, number>> = {
  SCHEDULED: 0,
  WAITING: 1,
  IN_PROGRESS: 2,
  COMPLETED: 3,
  CANCELLED: 3,
};

/** Whether an exam can move from one status to the other, in any number of steps. */
export const isLater = (status: ExamStatus, than: ExamStatus): boolean => rank[status] > rank[than];

export const isOver = (status: ExamStatus): boolean => status === 'COMPLETED' || status === 'CANCELLED';

/**
 * Why a user with this role may not enter the exam's room, or null. Exams without a creator are run by another system,
 * which opens no waiting room here.
 */
export const entryRefusal = (
  { status, createdBy, completedAt }: Pick<Exam, 'status' | 'createdBy' | 'completedAt'>,
  isStudent: boolean,
  nowMs: number,
): string | null => {
  if (status === 'SCHEDULED' && isStudent && createdBy !== null) {
    return 'the exam is SCHEDULED; students can enter once the waiting room is open';
  }
  if (!isOver(status)) return null;
  const isHandingIn =
    status === 'COMPLETED' && completedAt !== null && nowMs - Date.parse(completedAt) <= submitGraceMs;
  return isHandingIn && !isStudent ? null : `the exam is ${status}`;
};

/** The message for a step that the exam's status does not allow. */
export const wrongStep = (step: ExamStep, status: ExamStatus): string =>
  `an exam that is ${status} cannot be ${{ open: 'opened', start: 'started', complete: 'completed', cancel: 'cancelled' }[step]}; ` +
  `it must be ${transitions[step].from.join(' or ')}`;
