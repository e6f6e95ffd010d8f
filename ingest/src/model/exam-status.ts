import type { ExamStatus } from '@invigil/protocol/channels';

/** What a teacher does with an exam. */
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

export const isOver = (status: ExamStatus): boolean => status === 'COMPLETED' || status === 'CANCELLED';

/** Said to whoever tried a step that the status does not allow. */
export const wrongStep = (step: ExamStep, status: ExamStatus): string =>
  `an exam that is ${status} cannot be ${{ open: 'opened', start: 'started', complete: 'completed', cancel: 'cancelled' }[step]}; ` +
  `it must be ${transitions[step].from.join(' or ')}`;
