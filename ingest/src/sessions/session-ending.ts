import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { writeDump } from '../dump/frames-dump.ts';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import { basisOf, reportOf } from '../analysis/session-analysis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { IngestError } from '../model/ingest-error.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { Session } from '../model/session.ts';

export interface SessionEndingOptions {
  records: SessionRecords;
  frames: FrameStore;
  analysis: RunningAnalysis;
  rulesOf: (sessionId: string) => Promise<AnalysisRules>;
  dumpDir: string;
  sessionLifetimeSeconds: number;
  log: Logger;
  now: () => number;
  /** Called when the session has ended here, so that whoever is to know is told. When it rejects, it is called again later; and it may be in any case. */
  onEnded: (sessionId: string) => Promise<void>;
}

/** A replica that died in the middle of an end holds it up for no longer than this. */
const claimMs = 60_000;
const waitForOtherMs = 20_000;
const pollMs = 200;
const sweepBatch = 50;

const takenOver = (): IngestError =>
  new IngestError('end_in_progress', 'another replica took over the end of this session');

/**
 * Ends sessions: claim → seal → report and dump → record → clear → tell. Each step can be repeated, and the next one begins only
 * when the one before is safe, so an end that was cut off anywhere is finished by the next call or the next sweep.
 */
export class SessionEnding {
  readonly #options: SessionEndingOptions;
  readonly #running = new Map<string, Promise<void>>();
  #sweeping: Promise<void> | null = null;
  #closed = false;

  constructor(options: SessionEndingOptions) {
    this.#options = options;
  }

  /** Resolves when the session has ended, whoever ended it. Idempotent. */
  end(session: Session, actor: string): Promise<void> {
    const running = this.#running.get(session.sessionId);
    if (running !== undefined) return running;
    const ending = this.#end(session, actor).finally(() => this.#running.delete(session.sessionId));
    this.#running.set(session.sessionId, ending);
    return ending;
  }

  /** Finishes what was cut off and ends what has outlived its lifetime. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = null));
    return this.#sweeping;
  }

  /** Sweeps no more. Resolves when no end is running any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running.values());
  }

  async #sweep(): Promise<void> {
    const { records, now, sessionLifetimeSeconds, log } = this.#options;
    const startedBefore = new Date(now() - sessionLifetimeSeconds * 1000).toISOString();
    const failed = new Set<string>();
    for (;;) {
      const due = await records.unfinished(startedBefore, sweepBatch + failed.size);
      const left = due.filter(({ sessionId }) => !failed.has(sessionId));
      if (left.length === 0) return;
      for (const session of left) {
        if (this.#closed) return;
        try {
          await this.end(session, 'sweep');
        } catch (error) {
          // One that cannot be ended now must not hold up the others; it is tried again with the next sweep.
          failed.add(session.sessionId);
          log.warn({ event: 'session.end_failed', session_id: session.sessionId, error });
        }
      }
    }
  }

  async #end(session: Session, actor: string): Promise<void> {
    const { records, now, onEnded, log } = this.#options;
    const { sessionId } = session;
    const claim = randomUUID();
    if (await records.claimEnd(sessionId, claim, now(), claimMs)) {
      try {
        await this.#report(session, claim, actor);
      } catch (error) {
        await records.releaseEnd(sessionId, claim).catch((cause: unknown) => {
          log.warn({ event: 'session.end_claim_kept', error: cause });
        });
        throw error;
      }
    } else {
      await this.#waitUntilEnded(sessionId);
    }
    await onEnded(sessionId);
    await this.#clear(sessionId);
  }

  async #report(session: Session, claim: string, actor: string): Promise<void> {
    const { records, frames, analysis, rulesOf, dumpDir, now, log } = this.#options;
    const { sessionId } = session;
    await frames.seal(sessionId);
    const endedAtMs = now();
    const endedAt = new Date(endedAtMs).toISOString();
    const caughtUp = await analysis.analyze(sessionId, await rulesOf(sessionId));
    const basis = basisOf(session, caughtUp, endedAtMs, endedAt);
    const report = reportOf(caughtUp.folded, basis);
    const stored = { frames: frames.read(sessionId), links: frames.links(sessionId) };
    const dumpFile = await writeDump(dumpDir, basis, caughtUp.folded, stored, async () => {
      // Who took over may be done by now, and have cleared frames before they were read here: its dump is the whole one.
      if (!(await records.keepEnd(sessionId, claim, now(), claimMs))) throw takenOver();
    });
    const kept = await records.finishEnd(
      { session, endedAt, rulesVersion: report.rules_version, report: JSON.stringify(report), dumpFile, actor },
      claim,
    );
    if (!kept) throw takenOver();
    log.info({ event: 'session.ended', session_id: sessionId, frames: report.integrity.frames });
  }

  async #clear(sessionId: string): Promise<void> {
    const { records, frames, analysis, now } = this.#options;
    await frames.clear(sessionId);
    await analysis.clear(sessionId);
    await records.markFramesCleared(sessionId, new Date(now()).toISOString());
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
