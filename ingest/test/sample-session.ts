import type { Session } from '../src/model/session.ts';

export const sampleSession: Session = {
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  status: 'running',
  startedAt: '2026-01-05T09:00:00.000Z',
  endedAt: null,
};
