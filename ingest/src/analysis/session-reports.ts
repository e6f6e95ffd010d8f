import type { AnalysisRecords } from '../records/analysis-records.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Session } from '../sessions/session.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import type { RunningAnalysis } from './running-analysis.ts';
import { basisOf, reportOf } from './session-analysis.ts';

export interface SessionReportsOptions {
  analysis: RunningAnalysis;
  analyses: AnalysisRecords;
  ending: SessionEnding;
  rulesOf(sessionId: string): Promise<AnalysisRules>;
  now: () => number;
}

/** A session's report as JSON text: as of now while it runs, as it was kept once it has ended. */
export class SessionReports {
  readonly #options: SessionReportsOptions;

  constructor(options: SessionReportsOptions) {
    this.#options = options;
  }

  /** The kept report (the newest, or of one version); null where the session is running or has no such version. */
  async kept(session: Session, version: number | null = null): Promise<string | null> {
    // `ending` has no report yet, and its frames may be half cleared: the end is a matter of a moment, so wait for it.
    if (session.status === 'ending') await this.#options.ending.end(session, 'report');
    if (session.status === 'running') return null;
    return this.#options.analyses.kept(session.sessionId, version);
  }

  /** Made now from the running analysis. */
  async running(session: Session): Promise<string> {
    const { analysis, rulesOf, now } = this.#options;
    const caughtUp = await analysis.analyze(session.sessionId, await rulesOf(session.sessionId));
    return JSON.stringify(reportOf(caughtUp.folded, basisOf(session, caughtUp, now(), null)));
  }
}
