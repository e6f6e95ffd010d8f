import { coverageUntil, isObservedAt } from '@invigil/protocol/report';
import type { Logger } from 'pino';
import type { Observation } from '@invigil/protocol/rules';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { Session } from '../model/session.ts';
import type { SessionRecords } from '../records/session-records.ts';

export interface UnobservedWorkOptions {
  sessions: SessionRecords;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  /** Work was done while the student's session was not observed. */
  onUnobserved: (sessionId: string, observation: Observation) => void;
  log: Logger;
}

/** One alert covers this long: a student who answers twenty questions unobserved is one thing to look at. */
const alertEveryMs = 300_000;

/** Notices answers and hand-ins of students who are not being observed live. */
export class UnobservedWork {
  readonly #options: UnobservedWorkOptions;

  constructor(options: UnobservedWorkOptions) {
    this.#options = options;
  }

  /** Returns at once: an answer is saved whether or not anybody is observed. */
  done(examId: string, studentId: string, atMs: number): void {
    this.#check(examId, studentId, atMs).catch((error: unknown) => {
      this.#options.log.warn({ event: 'alerts.delayed', error });
    });
  }

  async #check(examId: string, studentId: string, atMs: number): Promise<void> {
    const sessions = await this.#options.sessions.ofMember(examId, studentId);
    const session = sessions.findLast(({ status }) => status === 'running') ?? sessions.at(-1);
    // An exam whose students sit it without proctoring has no sessions at all.
    if (session === undefined || (await this.#isObserved(session, atMs))) return;
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

  async #isObserved({ sessionId, status }: Session, atMs: number): Promise<boolean> {
    if (status !== 'running') return false;
    const { analysis, rulesOf } = this.#options;
    const { folded } = await analysis.analyze(sessionId, await rulesOf(sessionId));
    const { evidence } = folded.state;
    // Rules before version 3 do not know when frames were received.
    return evidence === undefined || isObservedAt(coverageUntil(evidence.coverage, atMs, true), atMs);
  }
}
