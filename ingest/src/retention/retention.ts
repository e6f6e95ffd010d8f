import type { Logger } from 'pino';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { removeDumps } from '../dump/frames-dump.ts';
import type { KeptSession, RetentionRecords, RetentionRun } from '../records/retention-records.ts';
import { clockProblem } from '../time/clock-check.ts';
import type { ClockMark } from '../time/clock-check.ts';
import { isoTime } from '../time/iso-time.ts';

export interface RetentionOptions {
  records: RetentionRecords;
  /** Null if the exam does not exist; the default policy applies to its sessions. */
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
  dumpDir: string;
  intervalMs: number;
  log: Logger;
  now: () => number;
  /** The current time, with the machine's uptime. */
  markOf: (nowMs: number) => ClockMark;
  /** Checks whether the clock can be trusted; returns a sentence for the operator if not. Called at each check. */
  onClock: (problem: string | null) => void;
}

const dayMs = 86_400_000;
const batch = 100;
const deliveryLogDays = 30;
/** Longer than any token should be valid. */
const erasureDays = 400;
/** Checks per interval whether a run is due. Replicas take turns: the records hold the time of the last run. */
const looksPerInterval = 4;

/**
 * Purges data that exceeds the retention of its exam's policy: frame dumps, and reports with everything that belongs to them (frames
 * never outlive their report). Removals and runs are audited; the health endpoint reports the last run.
 * If the clock may have leaped since the last run, nothing is purged until an operator confirms it.
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

  /** Removes everything that is due, regardless of the last run. */
  async run(): Promise<RetentionRun> {
    const { records, policyOf, now } = this.#options;
    const atMs = now();
    let framesRemoved = 0;
    let reportsRemoved = 0;
    let studentRowsRemoved = 0;
    for (const examId of await records.exams()) {
      const { retention } = (await policyOf(examId)) ?? v.parse(ExamPolicySchema, {});
      const { frames_days: framesDays, reports_days: reportsDays } = retention;
      if (reportsDays !== null) {
        const beforeMs = atMs - reportsDays * dayMs;
        reportsRemoved += await this.#removeDue(examId, beforeMs, false);
        if (examId !== null) {
          studentRowsRemoved += await records.removeStudentPath(examId, isoTime(beforeMs), isoTime(atMs));
        }
      }
      if (framesDays !== null) framesRemoved += await this.#removeDue(examId, atMs - framesDays * dayMs, true);
    }
    const deliveriesRemoved = await records.removeDeliveries(isoTime(atMs - deliveryLogDays * dayMs));
    await records.removeErasures(isoTime(atMs - erasureDays * dayMs));
    const removed = { framesRemoved, reportsRemoved, studentRowsRemoved, deliveriesRemoved };
    if (Object.values(removed).some((count) => count > 0)) await records.overwriteDeleted();
    const run = { mark: this.#options.markOf(atMs), ...removed };
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
    const mark = this.#options.markOf(now());
    const last = await records.lastMark();
    const problem = last === null ? null : clockProblem(last, mark);
    this.#options.onClock(problem);
    if (problem !== null) return log.error({ event: 'retention.clock_leaped', problem });
    if (last?.isRun === true && Math.abs(now() - Date.parse(last.at)) < intervalMs) return;
    const { mark: _mark, ...removed } = await this.run();
    log.info({ event: 'retention.ran', ...removed });
  }

  async #removeDue(examId: string | null, beforeMs: number, framesOnly: boolean): Promise<number> {
    const { records, dumpDir, log } = this.#options;
    let removed = 0;
    const failed = new Set<string>();
    for (;;) {
      const due = await records.endedBefore(examId, isoTime(beforeMs), framesOnly, batch + failed.size);
      const remaining = due.filter(({ sessionId }) => !failed.has(sessionId));
      // Files first: if this is interrupted, the records still point to them.
      const sessionIds = remaining.map(({ sessionId }) => sessionId);
      const notRemoved = await removeDumps(dumpDir, sessionIds);
      for (const session of remaining) {
        if (this.#closed) return removed;
        try {
          if (notRemoved.has(session.sessionId)) throw notRemoved.get(session.sessionId);
          await this.#remove(session, framesOnly);
          removed += 1;
        } catch (error) {
          // A file that cannot be removed must not block the others; the next run tries it again.
          failed.add(session.sessionId);
          log.error({ event: 'retention.not_removed', session_id: session.sessionId, error });
        }
      }
      if (remaining.length === 0) return removed;
    }
  }

  async #remove(session: KeptSession, framesOnly: boolean): Promise<void> {
    const { records, now } = this.#options;
    if (framesOnly) await records.framesRemoved(session, isoTime(now()));
    else await records.removeReports(session, isoTime(now()));
  }
}
