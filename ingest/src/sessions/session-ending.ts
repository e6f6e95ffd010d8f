import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import type { DumpThreads } from '../dump/dump-threads.ts';
import { writeDump } from '../dump/frames-dump.ts';
import { fullerDump } from '../dump/fuller-dump.ts';
import type { FullerDump } from '../dump/fuller-dump.ts';
import { withUnknownHeads } from '../dump/work-heads.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { ContextOf } from '../analysis/recorded-context.ts';
import type { AnalysisState } from '../analysis/analysis-state.ts';
import { basisOf, reportOf } from '../analysis/session-analysis.ts';
import type { AnalysisBasis } from '../analysis/session-analysis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { IngestError } from '../model/ingest-error.ts';
import { systemActors } from '../model/system-actor.ts';
import type { SessionEndRecords } from '../records/session-end-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { Session } from '../model/session.ts';
import { ThreadFailure } from '../threads/thread-failure.ts';
import { isoTime } from '../time/iso-time.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { inSpan } from '../telemetry/tracing.ts';
import { claimMs, renewClaim } from './claim-renewal.ts';
import { noObserver, observed } from './end-observer.ts';
import type { EndObserver } from './end-observer.ts';

export interface SessionEndingOptions {
  records: SessionRecords;
  ends: SessionEndRecords;
  frames: FrameStore;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  contextOf: ContextOf;
  dumpDir: string;
  threads: DumpThreads;
  sessionLifetimeSeconds: number;
  /** Whether the wall clock can be trusted; if not, no session has exceeded its lifetime. */
  isClockTrusted: () => Promise<boolean>;
  /** The longest time that an end waits for received messages, milliseconds. Those that were not stored by then are counted as lost. */
  maxWaitForMessagesMs: number;
  log: Logger;
  now: () => number;
  /** The clock by which replicas compare their claims. */
  claimNow: () => number;
  /**
   * Called once the session has ended, to notify others. Retried later if it rejects, and possibly called more than once in any case.
   */
  onEnded: (sessionId: string) => Promise<void>;
  /** Signs the report that was recorded. Idempotent. */
  sign: (sessionId: string) => Promise<void>;
}

/** What an end records. */
interface ReportedEnd {
  endedAt: string;
  rulesVersion: string;
  /** The report as JSON. */
  report: string;
  /** Frames in the report. */
  frames: number;
  dumpFile: string;
}

interface AnalyzedEnd {
  basis: AnalysisBasis;
  folded: AnalysisState;
  reported: Omit<ReportedEnd, 'dumpFile'>;
}

const waitForOtherMs = 20_000;
const pollMs = 200;
const sweepBatch = 50;
/** Before every ISO 8601 time. */
const noTime = '';

const takenOver = (): IngestError =>
  new IngestError('end_in_progress', 'another replica took over the end of this session');

/**
 * Ends sessions: claim → seal → report and dump → record → notify → clear. Each step can be repeated and begins only once the previous
 * one is durable, so the next call or sweep finishes an end that was interrupted anywhere.
 */
export class SessionEnding {
  readonly #options: SessionEndingOptions;
  readonly #running = new Map<string, Promise<void>>();
  #beforeSeal: (sessionId: string) => Promise<void> = async () => undefined;
  #beforeReport: (sessionId: string) => Promise<void> = async () => undefined;
  #observe: (session: Session) => EndObserver = () => noObserver;
  #sweeping: Promise<void> | null = null;
  #closed = false;

  constructor(options: SessionEndingOptions) {
    this.#options = options;
  }

  /** Called before the session accepts no more frames. Waits, up to a limit, for WebSocket messages that this replica has received. */
  beforeSeal(listener: (sessionId: string) => Promise<void>): void {
    this.#beforeSeal = listener;
  }

  /** Called before the report is made, once no more frames are accepted. Waits for work whose results belong in the report. */
  beforeReport(listener: (sessionId: string) => Promise<void>): void {
    this.#beforeReport = listener;
  }

  observeEnds(observe: (session: Session) => EndObserver): void {
    this.#observe = observe;
  }

  /** Resolves when the session has ended, on this replica or another. Idempotent. */
  end(session: Session, actor: string): Promise<void> {
    const running = this.#running.get(session.sessionId);
    if (running !== undefined) return running;
    const ending = this.#end(session, actor, this.#options.claimNow()).finally(() =>
      this.#running.delete(session.sessionId),
    );
    this.#running.set(session.sessionId, ending);
    return ending;
  }

  /**
   * Finishes interrupted ends and ends sessions that exceed their lifetime. An end cannot be undone, so a clock that may have leaped ends none.
   */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null));
    return this.#sweeping;
  }

  /** Stops sweeping. Resolves when no end is in progress here. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running.values());
  }

  async #sweep(): Promise<void> {
    const { ends, now, sessionLifetimeSeconds, isClockTrusted, log } = this.#options;
    const startedBefore = (await isClockTrusted()) ? isoTime(now() - sessionLifetimeSeconds * 1000) : noTime;
    const failed = new Set<string>();
    for (;;) {
      const due = await ends.unfinished(startedBefore, sweepBatch + failed.size);
      const left = due.filter(({ sessionId }) => !failed.has(sessionId));
      if (left.length === 0) return;
      for (const session of left) {
        if (this.#closed) return;
        try {
          await this.end(session, systemActors.sweep);
        } catch (error) {
          // A session that cannot be ended now must not delay the others; the next sweep tries it again.
          failed.add(session.sessionId);
          log.warn({ event: 'session.end_failed', session_id: session.sessionId, error });
        }
      }
    }
  }

  /** @param calledMs by the clock that the replicas share: frames that arrived earlier are in the dump or counted as lost */
  async #end(session: Session, actor: string, calledMs: number): Promise<void> {
    const { ends, claimNow, onEnded, sign, log } = this.#options;
    const { sessionId } = session;
    const claim = randomUUID();
    if (await ends.claimEnd(sessionId, claim, claimNow(), claimMs)) {
      const renewal = this.#renewing(sessionId, claim);
      try {
        await inSpan('report', {}, () => this.#report(session, claim, actor, calledMs));
      } catch (error) {
        await ends.releaseEnd(sessionId, claim).catch((cause: unknown) => {
          log.warn({ event: 'session.end_claim_kept', error: cause });
        });
        throw error;
      } finally {
        clearInterval(renewal);
      }
    } else {
      await this.#waitUntilEnded(sessionId);
    }
    await sign(sessionId);
    await onEnded(sessionId);
    await this.#clear(sessionId, calledMs);
  }

  #renewing(sessionId: string, claim: string): NodeJS.Timeout {
    const { ends, claimNow, log } = this.#options;
    const onFailure = (error: unknown): void =>
      log.warn({ event: 'session.end_claim_not_renewed', session_id: sessionId, error });
    return renewClaim(sessionId, claim, { ends, claimNow, onFailure });
  }

  async #report(session: Session, claim: string, actor: string, calledMs: number): Promise<void> {
    const { ends, frames, dumpDir, maxWaitForMessagesMs, log } = this.#options;
    const { sessionId } = session;
    await withDeadline(this.#beforeSeal(sessionId), maxWaitForMessagesMs, () => undefined);
    await frames.seal(sessionId, calledMs);
    const fuller = await fullerDump(dumpDir, session, frames.readTexts(sessionId));
    const observer = this.#observe(session);
    const ended =
      (fuller === null ? null : await this.#readBack(session, fuller, observer)) ??
      (await this.#dump(session, claim, observer));
    await observer.onRead();
    const { frames: reportFrames, ...recorded } = ended;
    const isKept = await ends.finishEnd({ session, ...recorded, actor }, claim);
    if (!isKept) throw takenOver();
    log.info({ event: 'session.ended', session_id: sessionId, frames: reportFrames });
  }

  /** Analyses the session's frames and writes them to its dump. */
  async #dump(session: Session, claim: string, observer: EndObserver): Promise<ReportedEnd> {
    const { ends, frames, dumpDir, now, claimNow } = this.#options;
    const { sessionId } = session;
    const { basis, folded, reported } = await this.#analyzed(session, now());
    const stored = { frames: observed(frames.readTexts(sessionId), observer), links: frames.links(sessionId) };
    const dumpFile = await writeDump(dumpDir, basis, folded, stored, {
      async beforeReplace() {
        // A replica that took over may have finished and cleared frames before they were read here: its dump is the complete one.
        if (!(await ends.keepEnd(sessionId, claim, claimNow(), claimMs))) throw takenOver();
      },
    });
    return { ...reported, dumpFile };
  }

  /** Analyses the session's stored frames. */
  async #analyzed(session: Session, endedAtMs: number): Promise<AnalyzedEnd> {
    const { frames, analysis, rulesOf, contextOf } = this.#options;
    const { sessionId } = session;
    const endedAt = isoTime(endedAtMs);
    await analysis.loaded(sessionId);
    const caughtUp = await analysis.analyze(sessionId, await rulesOf(sessionId));
    await this.#beforeReport(sessionId);
    const recorded = await contextOf(session, caughtUp.stream);
    const context = await withUnknownHeads(recorded, caughtUp.stream.chain, frames.links(sessionId));
    const { folded } = caughtUp;
    const basis = basisOf(session, caughtUp, endedAtMs, endedAt, context);
    const report = reportOf(folded, basis);
    const { rules_version: rulesVersion, integrity } = report;
    const reported = { endedAt, rulesVersion, report: JSON.stringify(report), frames: integrity.frames };
    return { basis, folded, reported };
  }

  /** Makes the report from a dump that has more frames than are stored. Null if it turns out not to be a dump. */
  async #readBack(session: Session, fuller: FullerDump, observer: EndObserver): Promise<ReportedEnd | null> {
    const { threads, log, now } = this.#options;
    const { sessionId } = session;
    const { file: dumpFile } = fuller;
    try {
      const read = await threads.run('reportOfDump', { file: dumpFile, field: observer.field }, null);
      if (read === null) throw new IngestError('end_in_progress', 'the dump was deleted while the session ended');
      const { rulesVersion, report, reportFrames } = read;
      observer.onFrames(read.observed);
      log.warn({ event: 'session.dump_kept', session_id: sessionId, frames: read.frames });
      return { endedAt: read.endedAt ?? isoTime(now()), rulesVersion, report, frames: reportFrames, dumpFile };
    } catch (error) {
      const reason = error instanceof IngestError ? error.reason : null;
      if (reason === 'busy' || (error instanceof ThreadFailure && error.isTemporary)) {
        throw new IngestError('end_in_progress', 'the session is being ended; try again later', error);
      }
      if (reason === 'end_in_progress') throw error;
      if (reason === 'not_a_dump') return null;
      // Repeating the end would fail again, for example because the dump needs more memory than a thread may use.
      log.error({ event: 'session.dump_not_read', session_id: sessionId, error });
      return this.#withKeptDump(session, fuller, observer);
    }
  }

  /** Makes the report from the stored frames, and keeps the dump, which has more. */
  async #withKeptDump(session: Session, { file, endedAt }: FullerDump, observer: EndObserver): Promise<ReportedEnd> {
    const { frames, now } = this.#options;
    const endedAtMs = endedAt === null ? now() : Date.parse(endedAt);
    const { reported } = await this.#analyzed(session, endedAtMs);
    for await (const texts of observed(frames.readTexts(session.sessionId), observer)) void texts;
    return { ...reported, dumpFile: file };
  }

  async #clear(sessionId: string, calledMs: number): Promise<void> {
    const { ends, frames, analysis, now } = this.#options;
    await frames.retire(sessionId, calledMs);
    await analysis.clear(sessionId);
    await ends.markFramesCleared(sessionId, isoTime(now()));
  }

  async #waitUntilEnded(sessionId: string): Promise<void> {
    const { records, now } = this.#options;
    const untilMs = now() + waitForOtherMs;
    for (;;) {
      const session = await records.find(sessionId);
      if (session === null || session.status === 'ended') return;
      if (now() >= untilMs) throw new IngestError('end_in_progress', 'the session is being ended by another replica');
      await delay(pollMs);
    }
  }
}
