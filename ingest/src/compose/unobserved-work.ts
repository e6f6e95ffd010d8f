import { ExamRecords } from '../records/exam-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { UnobservedWork } from '../sessions/unobserved-work.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { LivePart } from './live.ts';
import type { SessionsPart } from './sessions.ts';

/** Watches for answers from students whose observation does not run. */
export const composeUnobservedWork = (
  { database, log }: Infrastructure,
  { sessions, analysis, rulesOf }: SessionsPart,
  live: LivePart,
): UnobservedWork =>
  new UnobservedWork({
    records: new SessionRecords(database),
    sessions,
    exams: new ExamRecords(database),
    work: new ExamWorkRecords(database),
    analysis,
    rulesOf,
    onUnobserved: (sessionId, observation) => live.onObservation(sessionId, observation),
    log,
  });
