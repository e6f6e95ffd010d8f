import { coverageUntil, isObservedAt, liveWithinMs } from '@invigil/protocol/report';
import type { Logger } from 'pino';
import type { Observation } from '@invigil/protocol/rules';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { Session } from '../model/session.ts';
import { systemActors } from '../model/system-actor.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import type { Sessions } from './sessions.ts';

export interface UnobservedWorkOptions {
  records: SessionRecords;
  sessions: Sessions;
  exams: ExamRecords;
  work: ExamWorkRecords;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  /** Work was done while the student's session was not observed. */
  onUnobserved: (sessionId: string, observation: Observation) => void;
  log: Logger;
}

/** One alert covers this period: a student who answers twenty questions unobserved needs one review, not twenty. */
const alertEveryMs = 300_000;

/** Detects answers and hand-ins of students who are not being observed live. */
export class UnobservedWork {
  readonly #options: UnobservedWorkOptions;

  constructor(options: UnobservedWorkOptions) {
    this.#options = options;
  }

  /** Returns at once: an answer is saved regardless of observation. */
  done(examId: string, studentId: string, questionId: string | null, atMs: number): void {
    this.#check(examId, studentId, questionId, atMs).catch((error: unknown) => {
      this.#options.log.warn({ event: 'alerts.delayed', error });
    });
  }

  async #check(examId: string, studentId: string, questionId: string | null, atMs: number): Promise<void> {
    const session = await this.#sessionOf(examId, studentId);
    if (session === null || (await this.#isObserved(session, questionId, atMs))) return;
    if (questionId !== null) {
      await this.#options.work.markUnobserved(examId, studentId, questionId, isoTime(atMs));
    }
    const id = `answered_unobserved-${Math.floor(atMs / alertEveryMs)}`;
    this.#options.onUnobserved(session.sessionId, {
      id,
      type: 'answered_unobserved',
      from_ms: atMs,
      to_ms: atMs,
      confidence: 1,
      measured: {},
      evidence: { first: '', strongest: '', last: '' },
      frames: 0,
    });
  }

  /**
   * The student's latest session. A student of a proctored exam who never started one gets one now, so that their report shows what
   * was not observed. Null if the exam has no sessions at all, because it is not proctored.
   */
  async #sessionOf(examId: string, studentId: string): Promise<Session | null> {
    const { records, sessions } = this.#options;
    const own = await records.ofMember(examId, studentId);
    const latest = own.findLast(({ status }) => status === 'running') ?? own.at(-1);
    if (latest !== undefined) return latest;
    return (await records.hasSessions(examId)) ? sessions.start(examId, studentId, systemActors.unobserved) : null;
  }

  async #isObserved(session: Session, questionId: string | null, atMs: number): Promise<boolean> {
    if (session.status !== 'running') return this.#wasObserved(session, questionId, atMs);
    const { analysis, rulesOf } = this.#options;
    const { folded } = await analysis.analyze(session.sessionId, await rulesOf(session.sessionId));
    const { evidence } = folded.state;
    // Rules before version 3 do not record when frames were received.
    return evidence === undefined || isObservedAt(coverageUntil(evidence.coverage, atMs, true), atMs);
  }

  /**
   * After the end of a session nobody observes an answer. Hand-ins are an exception: many platforms hand in moments after ending the
   * session, and an exam accepts hand-ins for a while after it ended its sessions; the exam's end then counts as the time of the hand-in.
   */
  async #wasObserved({ examId, endedAt }: Session, questionId: string | null, atMs: number): Promise<boolean> {
    // The session is ending right now.
    if (endedAt === null) return true;
    if (questionId !== null) return false;
    const exam = examId === null ? null : await this.#options.exams.find(examId);
    const overAt = exam?.completedAt ?? exam?.cancelledAt;
    const doneMs = overAt == null ? atMs : Math.min(atMs, Date.parse(overAt));
    return doneMs - Date.parse(endedAt) <= liveWithinMs;
  }
}
