import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Report, SessionContext } from '@invigil/protocol/report';
import type { Logger } from 'pino';
import type { ContextOf } from '../analysis/recorded-context.ts';
import type { DumpThreads } from '../dump/dump-threads.ts';
import { dumpOf } from '../dump/frames-dump.ts';
import { IngestError } from '../model/ingest-error.ts';
import { systemActors } from '../model/system-actor.ts';
import type { Session } from '../model/session.ts';
import type { AnalysisRecords, KeptReport } from '../records/analysis-records.ts';
import type { SessionEndRecords } from '../records/session-end-records.ts';
import { claimMs, renewClaim } from '../sessions/claim-renewal.ts';
import { mayRepeat } from '../threads/thread-failure.ts';
import { isoTime } from '../time/iso-time.ts';

export interface ReportAmendmentsOptions {
  analyses: AnalysisRecords;
  ends: SessionEndRecords;
  dumpDir: string;
  threads: DumpThreads;
  contextOf: ContextOf;
  /** A version was added. */
  onAdded: (session: Session, version: number) => Promise<void>;
  log: Logger;
  now: () => number;
  /** The clock by which replicas compare their claims. */
  claimNow: () => number;
}

/**
 * Version N + 1 follows version N after at least (N - 1) times this, so a student who keeps answering for three hours causes about fifty
 * versions.
 */
const restPerVersionMs = 10_000;
/** Wait before retrying an amendment after a failure that is likely to recur. Each attempt may occupy a thread for two minutes. */
const restAfterFailureMs = 600_000;
const mostFailures = 1000;
const takenOver = (): IngestError =>
  new IngestError('end_in_progress', 'another replica took over the amendment of this report');

/** Whether a report includes everything in the records. Alerts are never removed, so comparing their number suffices. */
const isUpToDate = (report: Report, context: SessionContext): boolean => {
  const { alerts = [], work, other_sessions: others, integrity } = report;
  if ((context.frames_refused ?? 0) > (integrity.received_too_late ?? 0)) return false;
  if (work === undefined) return true;
  // Sort both lists, because the report orders answers by time.
  const answers = (list: readonly { question_id: string; at: string }[]): string =>
    JSON.stringify(
      list.toSorted((a, b) => (a.question_id < b.question_id ? -1 : 1)).map(({ question_id: id, at }) => [id, at]),
    );
  return (
    alerts.length >= context.alerts.length &&
    work.handed_in_at === context.handed_in_at &&
    answers(work.questions.map(({ question_id, answered_at: at }) => ({ question_id, at }))) ===
      answers(context.answers) &&
    JSON.stringify(others) === JSON.stringify(context.other_sessions)
  );
};

/**
 * Adds a report version when answers, a hand-in, alerts, other sessions or lost frames were recorded after the last one: an exam accepts hand-ins for a
 * while after its end, and a student may keep answering after their own session ended.
 */
export class ReportAmendments {
  readonly #options: ReportAmendmentsOptions;
  /** When the last amendment of a session failed. */
  readonly #failedMs = new LRUCache<string, number>({ max: mostFailures });

  constructor(options: ReportAmendmentsOptions) {
    this.#options = options;
  }

  /** The newest report: a new version if there is something to add. A failure leaves the report as it is. */
  async amended(session: Session, newest: KeptReport): Promise<KeptReport> {
    const { analyses, ends, now, claimNow, log } = this.#options;
    const { sessionId } = session;
    if (now() - Date.parse(newest.createdAt) < (newest.version - 1) * restPerVersionMs) return newest;
    if (now() < (this.#failedMs.get(sessionId) ?? -Infinity) + restAfterFailureMs) return newest;
    const claim = randomUUID();
    try {
      const context = await this.#context(session, newest);
      if (context === null || !(await ends.claimAmendment(sessionId, claim, claimNow(), claimMs))) return newest;
      const renewal = this.#renewing(sessionId, claim);
      try {
        await this.#amend(session, context, claim);
      } finally {
        clearInterval(renewal);
        await ends.releaseEnd(sessionId, claim);
      }
      return (await analyses.kept(sessionId)) ?? newest;
    } catch (error) {
      if (mayRepeat(error)) {
        log.warn({ event: 'report.not_amended', session_id: sessionId, error });
      } else {
        this.#failedMs.set(sessionId, now());
        log.error({ event: 'report.amendment_failed', session_id: sessionId, error });
      }
      return newest;
    }
  }

  /** Keeps the claim while the jobs wait for a thread and run. */
  #renewing(sessionId: string, claim: string): NodeJS.Timeout {
    const { ends, claimNow, log } = this.#options;
    const onFailure = (error: unknown): void =>
      log.warn({ event: 'report.claim_not_renewed', session_id: sessionId, error });
    return renewClaim(sessionId, claim, { ends, claimNow, onFailure });
  }

  /** @throws IngestError if another replica has taken over, whose version must not be replaced */
  async #keepClaim(sessionId: string, claim: string): Promise<void> {
    const { ends, claimNow } = this.#options;
    if (!(await ends.keepEnd(sessionId, claim, claimNow(), claimMs))) throw takenOver();
  }

  /** The context from the records, or null if the report already includes it. */
  async #context(session: Session, { report }: KeptReport): Promise<SessionContext | null> {
    const context = await this.#options.contextOf(session, null);
    return isUpToDate(JSON.parse(report) as Report, context) ? null : context;
  }

  async #amend(session: Session, known: SessionContext, claim: string): Promise<void> {
    const { analyses, dumpDir, threads, onAdded, now } = this.#options;
    const { sessionId } = session;
    // Another replica may have added a version before this one got the claim.
    const newest = await analyses.kept(sessionId);
    const file = await dumpOf(dumpDir, sessionId);
    if (newest === null || file === null) return;
    // Not counted for the reader: opening a class requests all of its reports at once.
    const amended = await threads.run('amendReport', { file, newest, known }, systemActors.report);
    if (amended === null || amended.report === newest.report) return;
    const { report, amendments } = amended;
    const { rulesVersion } = newest;
    await this.#keepClaim(sessionId, claim);
    // First, so that the dump always leads to the newest report. If adding the report fails, the next read recreates this version.
    await threads.run('replaceAmendments', { file, amendments }, systemActors.report);
    await this.#keepClaim(sessionId, claim);
    const version = await analyses.add(sessionId, report, rulesVersion, {
      actor: systemActors.report,
      at: isoTime(now()),
    });
    await onAdded(session, version);
  }
}
