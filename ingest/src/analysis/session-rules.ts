import { currentRuleSet, ruleSets } from '@invigil/protocol/rules';
import type { AccommodationRecords } from '../records/accommodation-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { defaultRules } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';

export interface SessionRulesOptions {
  sessions: SessionRecords;
  exams: ExamRecords;
  accommodations: AccommodationRecords;
}

/** The rules that apply to a session at present: its exam's rules version and its student's accommodations. */
export const sessionRules =
  ({ sessions, exams, accommodations }: SessionRulesOptions) =>
  async (sessionId: string): Promise<AnalysisRules> => {
    const session = await sessions.find(sessionId);
    if (session === null || session.examId === null) return defaultRules;
    const { examId, memberId } = session;
    const [exam, agreed] = await Promise.all([
      exams.find(examId),
      memberId === null ? [] : accommodations.of(examId, memberId),
    ]);
    const requested = exam?.policy.rules_version ?? currentRuleSet.version;
    // An unknown version must not prevent the analysis; the report states the version used.
    return { version: Object.hasOwn(ruleSets, requested) ? requested : currentRuleSet.version, accommodations: agreed };
  };
