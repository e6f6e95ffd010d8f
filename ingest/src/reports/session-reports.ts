import type { Report } from '@invigil/protocol/report';
import type { AnalysisRecords, KeptAnalysis, KeptReport } from '../records/analysis-records.ts';
import { systemActors } from '../model/system-actor.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Session } from '../model/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import type { RequestedRules } from '../dump/dump-jobs.ts';
import type { DumpThreads } from '../dump/dump-threads.ts';
import { dumpOf } from '../dump/frames-dump.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import { AnalysisPacer } from './analysis-pacer.ts';
import type { ContextOf } from '../analysis/recorded-context.ts';
import type { ReportAmendments } from './report-amendments.ts';
import { basisOf, reportOf } from '../analysis/session-analysis.ts';
import { isoTime } from '../time/iso-time.ts';
import { inSpan } from '../telemetry/tracing.ts';

export interface SessionReportsOptions {
  sessions: Pick<Sessions, 'find'>;
  analysis: RunningAnalysis;
  analyses: AnalysisRecords;
  ending: SessionEnding;
  dumpDir: string;
  threads: DumpThreads;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  contextOf: ContextOf;
  amendments: Pick<ReportAmendments, 'amended'>;
  /** Called after a report version was added: signs and announces it. */
  onAdded: (session: Session, version: number) => Promise<void>;
  now: () => number;
}

/** A report of a running session. It is not stored and has no version. */
export interface RunningReport {
  version: null;
  report: string;
}

/** A session's reports: computed on request while it runs, stored versions once it has ended. */
export class SessionReports {
  readonly #options: SessionReportsOptions;
  readonly #pacer: AnalysisPacer;

  constructor(options: SessionReportsOptions) {
    this.#options = options;
    this.#pacer = new AnalysisPacer((sessionId, rules) =>
      inSpan('analysis', {}, () => options.analysis.analyze(sessionId, rules)),
    );
  }

  /** The stored report, the newest or the given version; null if the session is running or has no such version. */
  async kept(session: Session, version: number | null = null): Promise<KeptReport | null> {
    // An `ending` session has no report yet and its frames may be partly cleared. Ending is quick, so wait for it.
    if (session.status === 'ending') await this.#options.ending.end(session, systemActors.report);
    if (session.status === 'running') return null;
    const kept = await this.#options.analyses.kept(session.sessionId, version);
    return kept === null || version !== null ? kept : this.#options.amendments.amended(session, kept);
  }

  /** The stored versions, after adding a new one if the newest is incomplete. */
  async list(session: Session): Promise<KeptAnalysis[]> {
    await this.kept(session);
    return this.#options.analyses.list(session.sessionId);
  }

  /** The newest report as JSON, computed now or stored; null if there is none or its retention is over. */
  async newest(session: Session): Promise<KeptReport | RunningReport | null> {
    const { sessions } = this.#options;
    if (session.status !== 'running') return this.kept(session);
    const report = JSON.stringify(await this.#running(session));
    // If the session ended meanwhile, its frames may have been cleared before they were read; the stored report is complete.
    const after = await sessions.find(session.sessionId);
    if (after?.status === 'running') return { version: null, report };
    return after === null ? null : this.kept(after);
  }

  async #running(session: Session): Promise<Report> {
    const { rulesOf, contextOf, now } = this.#options;
    const caughtUp = await this.#pacer.analyze(session.sessionId, await rulesOf(session.sessionId));
    const context = await contextOf(session, caughtUp.stream);
    return reportOf(caughtUp.folded, basisOf(session, caughtUp, now(), null, context));
  }

  /**
   * Analyses an ended session's dump with other rules or weights and stores the report as a new version. Null if frames are missing,
   * because the dump's retention is over or some frames had expired before the end.
   * @throws IngestError `busy` if too many analyses wait
   */
  async analyzeAgain(session: Session, requested: RequestedRules, actor: string): Promise<KeptReport | null> {
    const { analyses, dumpDir, threads, now, onAdded } = this.#options;
    const newest = await this.kept(session);
    const file = await dumpOf(dumpDir, session.sessionId);
    if (newest === null || file === null) return null;
    const made = await inSpan('analysis', {}, () => threads.run('analyzeAgain', { file, requested }, actor));
    if (made === null) return null;
    const { rulesVersion, report } = made;
    const at = isoTime(now());
    const version = await analyses.add(session.sessionId, report, rulesVersion, { actor, at });
    if (version !== newest.version) await onAdded(session, version);
    return { ...newest, version, rulesVersion, createdAt: at, report };
  }
}
