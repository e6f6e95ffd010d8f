import type { Logger } from 'pino';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { removeDumps } from '../dump/frames-dump.ts';
import type { KeptSession, RetentionRecords, RetentionRun } from '../records/retention-records.ts';

export interface RetentionOptions {
  records: RetentionRecords;
  /** Null where there is no exam (any more); its sessions are kept as long as the default policy says. */
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
  dumpDir: string;
  intervalMs: number;
  log: Logger;
  now: () => number;
}

const dayMs = 86_400_000;
const batch = 100;
const deliveryLogDays = 30;
/** How often it looks whether it is time; several replicas take turns by what the records say. */
const looksPerInterval = 4;

/**
 * Removes what has outlived its exam's policy: dumps of frames, and reports with all that belongs to them (frames never outlive
 * their report). Each removal and each run is in the audit, and health says when it last ran.
 */
export class Retention {
  readonly #options: RetentionOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#options.intervalMs / looksPerInterval).unref();
    this.#look();
  }

  lastRanAt(): Promise<string | null> {
    return this.#options.records.lastRanAt();
  }

  /** Removes everything that is due, whenever it ran last. */
  async run(): Promise<RetentionRun> {
    const { records, policyOf, now } = this.#options;
    const atMs = now();
    let framesRemoved = 0;
    let reportsRemoved = 0;
    for (const examId of await records.exams()) {
      const { retention } = (await policyOf(examId)) ?? v.parse(ExamPolicySchema, {});
      const { frames_days: framesDays, reports_days: reportsDays } = retention;
      if (reportsDays !== null) {
        reportsRemoved += await this.#removeDue(examId, atMs - reportsDays * dayMs, false);
      }
      if (framesDays !== null) framesRemoved += await this.#removeDue(examId, atMs - framesDays * dayMs, true);
    }
    const deliveriesRemoved = await records.removeDeliveries(iso(atMs - deliveryLogDays * dayMs));
    const run = { at: iso(atMs), framesRemoved, reportsRemoved, deliveriesRemoved };
    await records.ran(run);
    return run;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closed = true;
    await this.#running;
  }

  #look(): void {
    this.#running ??= this.#runWhenDue()
      .catch((error: unknown) => this.#options.log.error({ event: 'retention.failed', error }))
      .finally(() => (this.#running = null));
  }

  async #runWhenDue(): Promise<void> {
    const { records, intervalMs, now, log } = this.#options;
    const last = await records.lastRanAt();
    if (last !== null && now() - Date.parse(last) < intervalMs) return;
    const { framesRemoved, reportsRemoved, deliveriesRemoved } = await this.run();
    log.info({ event: 'retention.ran', framesRemoved, reportsRemoved, deliveriesRemoved });
  }

  async #removeDue(examId: string | null, beforeMs: number, framesOnly: boolean): Promise<number> {
    const { records, log } = this.#options;
    let removed = 0;
    const failed = new Set<string>();
    for (;;) {
      const due = await records.endedBefore(examId, iso(beforeMs), framesOnly, batch + failed.size);
      const left = due.filter(({ sessionId }) => !failed.has(sessionId));
      for (const session of left) {
        if (this.#closed) return removed;
        try {
          await this.#remove(session, framesOnly);
          removed += 1;
        } catch (error) {
          // One file that cannot be removed must not keep the others; it is tried again at the next run.
          failed.add(session.sessionId);
          log.error({ event: 'retention.not_removed', session_id: session.sessionId, error });
        }
      }
      if (left.length === 0) return removed;
    }
  }

  async #remove(session: KeptSession, framesOnly: boolean): Promise<void> {
    const { records, dumpDir, now } = this.#options;
    // The file first: the record is what finds it again when this is cut off.
    await removeDumps(dumpDir, session.sessionId);
    if (framesOnly) await records.framesRemoved(session, iso(now()));
    else await records.removeReports(session, iso(now()));
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
