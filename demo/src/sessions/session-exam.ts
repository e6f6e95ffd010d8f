import { tabStorage } from '../page/tab-storage.ts';

const keyOf = (sessionId: string): string => `invigil-exam:${sessionId}`;

/** Who takes which exam in a session that this tab started. */
export interface SessionExam {
  examId: string;
  studentId: string;
}

export const rememberExam = (sessionId: string, exam: SessionExam): void =>
  tabStorage.set(keyOf(sessionId), JSON.stringify(exam));

/** Null for a session that this tab has not started. */
export const examOfSession = (sessionId: string | null): SessionExam | null => {
  const kept = sessionId === null ? null : tabStorage.get(keyOf(sessionId));
  return kept === null ? null : (JSON.parse(kept) as SessionExam);
};
