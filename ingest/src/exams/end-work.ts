import type { SessionRecords } from '../records/session-records.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import { ExamRefusal } from './exam-refusal.ts';
import type { ExamWork } from './exam-work.ts';

export interface EndWorkOptions {
  work: Pick<ExamWork, 'submit'>;
  sessions: Pick<SessionRecords, 'runningOfExam'>;
  ending: Pick<SessionEnding, 'end'>;
}

/** Hands in for a student who has finished elsewhere, and ends their running sessions. Idempotent. */
export const endWork = async (
  { work, sessions, ending }: EndWorkOptions,
  examId: string,
  studentId: string,
): Promise<void> => {
  // A hand-in that is too late changes nothing about the end.
  await work.submit(examId, studentId, { score: null, chain: null }).catch((error: unknown) => {
    if (!(error instanceof ExamRefusal)) throw error;
  });
  for (const session of await sessions.runningOfExam(examId, [studentId])) await ending.end(session, studentId);
};
