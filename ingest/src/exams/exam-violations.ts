import type { Logger } from 'pino';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { ViolationType } from '@invigil/protocol/channels';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { ViolationSource } from '../records/violation-rows.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { isTemporary } from '../model/ingest-error.ts';
import type { Session } from '../model/session.ts';
import type { EndObserver } from '../sessions/end-observer.ts';
import { withDeadline } from '../time/with-deadline.ts';
import type { ExamEvents } from './exam-events.ts';
import { GatheredEvents } from '../rate-limit/gathered-events.ts';
import { ThrottledNotifier } from './throttled-notifier.ts';
import { ViolationRetries } from './violation-retries.ts';
import { violationIntervalMs, violationMatchMs, violationsIn, ViolationTimes } from './violation-times.ts';
import type { SeenViolation } from './violation-times.ts';

export interface ExamViolationsOptions {
  work: ExamWorkRecords;
  sessions: SessionRecords;
  events: ExamEvents;
  budget: Pick<UsageBudget, 'refused'>;
  /** The clock that all replicas share. */
  storeNow: () => number;
  log: Logger;
  onError: (error: unknown) => void;
}

/** An exam page is open, and detects violations, shortly before its session starts. */
const beforeStartMs = 60_000;
/**
 * Violations are recorded at most once a second by when they arrived, but published some time later, and not always equally late. Without
 * this tolerance, one that was published quickly would come too early, wait for another second, and be counted with the next one.
 */
const publishJitterMs = 250;
/** How long an acknowledgement waits for its frames' violations to be written. */
const maxWaitMs = 1000;

interface Gathered {
  seen: SeenViolation[];
  written: Promise<void>;
}

/**
 * Violations that the exam page detected, sent over REST or inside the feature frames of the student's session. Either way, and also if it
 * is sent both ways, teachers get one record and one message: at most one a second per type and student, whichever replica received it. A
 * student's violations of several types within a second are one message.
 */
export class ExamViolations {
  readonly #options: ExamViolationsOptions;
  readonly #notifier: ThrottledNotifier;
  readonly #events: GatheredEvents<ViolationType>;
  /** By session: the write in progress, and the next one, which collects violations that arrive in the meantime. */
  readonly #writing = new Map<string, { current: Promise<void>; next: Gathered | null }>();

  readonly #retries: ViolationRetries;

  constructor(options: ExamViolationsOptions) {
    this.#options = options;
    const { storeNow, onError, log } = options;
    this.#notifier = new ThrottledNotifier({
      intervalMs: violationIntervalMs - publishJitterMs,
      now: storeNow,
      onError,
    });
    this.#events = new GatheredEvents({
      intervalMs: violationIntervalMs,
      send: (student, types) => this.#publish(student, types),
      onError,
    });
    this.#retries = new ViolationRetries({ write: (sessionId, seen) => this.#recordSeen(sessionId, seen), log });
  }

  /**
   * Records a violation that was reported over REST.
   * @param atMs when it arrived, server clock
   * @returns whether it is new, and the student's total
   */
  async record(
    examId: string,
    studentId: string,
    type: ViolationType,
    atMs: number,
  ): Promise<{ recorded: boolean; totalCount: number }> {
    const recorded = await this.#saveType(examId, studentId, type, [atMs], 'request');
    if (recorded) await this.#notify(examId, studentId, type);
    return { recorded, totalCount: (await this.#counts(examId, studentId)).total };
  }

  /**
   * Records the violations inside stored frames; frames may arrive late and more than once. Each type takes one write. Violations that
   * arrive during a session's write go into its next one. Resolves at the latest after a second, because an outage of the records must not
   * keep stored frames from being acknowledged; what could not be written is retried.
   */
  async stored(sessionId: string, frames: readonly StoredFrame[]): Promise<void> {
    const seen = violationsIn(frames);
    if (seen.length === 0) return;
    // The records are known to be unavailable.
    if (!this.#retries.isEmpty) return this.#retries.add(sessionId, seen);
    const written = this.#gather(sessionId, seen).catch((error: unknown) => {
      if (!isTemporary(error)) throw error;
      this.#retries.add(sessionId, seen);
    });
    await withDeadline(written, maxWaitMs, () => undefined);
  }

  /** Records, from all frames of a session that ends, the violations that an outage or a crash kept from being recorded. */
  atEnd(session: Session): EndObserver {
    const times = new ViolationTimes(earliestMs(session));
    return {
      field: 'page_violations',
      onFrames: (frames) => times.add(violationsIn(frames)),
      onRead: () => this.#save(session, times),
    };
  }

  /** Resolves when all violations received so far are written, or could not be. */
  async close(): Promise<void> {
    while (this.#writing.size > 0) {
      await Promise.allSettled([...this.#writing.values()].map(({ current, next }) => next?.written ?? current));
    }
    await this.#retries.close();
    this.#notifier.close();
    this.#events.close();
  }

  async #gather(sessionId: string, seen: readonly SeenViolation[]): Promise<void> {
    const writing = this.#writing.get(sessionId);
    if (writing === undefined) return await this.#write(sessionId, seen);
    if (writing.next !== null) {
      writing.next.seen.push(...seen);
      return await writing.next.written;
    }
    const gathered = [...seen];
    const written = writing.current.catch(() => undefined).then(() => this.#write(sessionId, gathered));
    writing.next = { seen: gathered, written };
    await written;
  }

  async #write(sessionId: string, seen: readonly SeenViolation[]): Promise<void> {
    const current = this.#recordSeen(sessionId, seen);
    const writing = { current, next: null };
    this.#writing.set(sessionId, writing);
    try {
      await current;
    } finally {
      if (this.#writing.get(sessionId) === writing && writing.next === null) this.#writing.delete(sessionId);
    }
  }

  async #recordSeen(sessionId: string, seen: readonly SeenViolation[]): Promise<void> {
    const session = await this.#options.sessions.find(sessionId);
    if (session === null) return;
    const times = new ViolationTimes(earliestMs(session));
    times.add(seen);
    await this.#save(session, times);
  }

  async #save({ examId, memberId }: Session, times: ViolationTimes): Promise<void> {
    if (examId === null || memberId === null) return;
    for (const [type, ofType] of times.byType()) {
      if (await this.#saveType(examId, memberId, type, ofType, 'frame')) await this.#notify(examId, memberId, type);
    }
  }

  /** @returns whether any of them is new */
  async #saveType(
    examId: string,
    studentId: string,
    type: ViolationType,
    times: readonly number[],
    source: ViolationSource,
  ): Promise<boolean> {
    const { work, budget } = this.#options;
    const limits = { intervalMs: violationIntervalMs, matchMs: violationMatchMs, most: budgetTable.violations.limit };
    const { saved, beyond } = await work.saveViolations(examId, studentId, type, { source, times }, limits);
    if (beyond > 0) budget.refused('violations', beyond);
    return saved > 0;
  }

  #notify(examId: string, studentId: string, type: ViolationType): Promise<void> {
    return this.#notifier.publish(
      JSON.stringify([examId, studentId, type]),
      (publishAt, sinceAt) => this.#options.work.claimViolationEvent(examId, studentId, type, publishAt, sinceAt),
      () => this.#events.add(JSON.stringify([examId, studentId]), type),
    );
  }

  /** @param student exam and student, as JSON @param types those that are new */
  async #publish(student: string, types: readonly ViolationType[]): Promise<void> {
    const [examId, studentId] = JSON.parse(student) as [string, string];
    const { total, counts } = await this.#counts(examId, studentId);
    const [newest, ...more] = counts
      .filter(({ type }) => types.includes(type))
      .toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0))
      .map(({ type, lastAt }) => ({ violation_type: type, timestamp: lastAt }));
    if (newest === undefined) return;
    this.#options.events.toTeachers(examId, {
      type: 'violation',
      student_id: studentId,
      ...newest,
      ...(more.length === 0 ? {} : { more }),
      total_count: total,
    });
  }

  async #counts(examId: string, studentId: string) {
    const counts = await this.#options.work.violationCounts(examId, studentId);
    return { counts, total: counts.reduce((sum, { violations }) => sum + violations, 0) };
  }
}

const earliestMs = ({ startedAt }: Session): number => Date.parse(startedAt) - beforeStartMs;
