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

/** What a session is analysed with at present: its exam's version of the rules, and what was agreed with its student. */
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
    const asked = exam?.policy.rules_version ?? currentRuleSet.version;
    // A version that this server does not know must not keep a session from being analysed; the report names what was used.
    return { version: Object.hasOwn(ruleSets, asked) ? asked : currentRuleSet.version, accommodations: agreed };
  };
