import type { ExamNotice } from './exam-notice.ts';

/** The time in the panel, in seconds: the remaining time if the exam has an end, otherwise the elapsed time. */
export interface ExamTime {
  kind: 'left' | 'passed';
  seconds: number;
}

/** @param sinceMs start of the session, Unix epoch, milliseconds; used if the exam has no times. */
export const examTime = (notice: ExamNotice | null, nowMs: number, sinceMs: number): ExamTime => {
  if (notice?.ends_at != null) {
    return { kind: 'left', seconds: Math.max(0, (Date.parse(notice.ends_at) - nowMs) / 1000) };
  }
  const fromMs = notice?.started_at == null ? sinceMs : Date.parse(notice.started_at);
  return { kind: 'passed', seconds: Math.max(0, (nowMs - fromMs) / 1000) };
};
