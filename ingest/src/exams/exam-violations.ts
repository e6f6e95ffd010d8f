import type { StoredFrame } from '@invigil/protocol/frame';
import type { ViolationType } from '@invigil/protocol/channels';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { ExamEvents } from './exam-events.ts';
import { ThrottledNotifier } from './throttled-notifier.ts';

export interface ExamViolationsOptions {
  work: ExamWorkRecords;
  sessions: SessionRecords;
  events: ExamEvents;
  budget: Pick<UsageBudget, 'refused'>;
  now: () => number;
  onError: (error: unknown) => void;
}

/** Two violations of the same type and student within this time count as one. */
const intervalMs = 1000;
/** An exam page is open, and detects violations, shortly before its session starts. */
const beforeStartMs = 60_000;

interface Seen {
  type: ViolationType;
  atMs: number;
}

interface Gathered {
  seen: Seen[];
  written: Promise<void>;
}

/**
 * Violations that the exam page detected, sent over REST or inside the feature frames of the student's session. Either way teachers get
 * one record and one message: at most one a second per type and student, whichever replica received it.
 */
export class ExamViolations {
  readonly #options: ExamViolationsOptions;
  readonly #notifier: ThrottledNotifier;
  /** By session: the write in progress, and the next one, which collects violations that arrive in the meantime. */
  readonly #writing = new Map<string, { current: Promise<void>; next: Gathered | null }>();

  constructor(options: ExamViolationsOptions) {
    this.#options = options;
    const { now, onError } = options;
    this.#notifier = new ThrottledNotifier({ intervalMs, now, onError });
  }

  /**
   * @param atMs when the page detected it, by the page's clock
   * @param nowMs when it arrived here, server clock
   * @returns whether it is new, and the student's total
   */
  async record(
    examId: string,
    studentId: string,
    type: ViolationType,
    atMs: number,
    nowMs: number,
  ): Promise<{ recorded: boolean; totalCount: number }> {
    const recorded = await this.#save(examId, studentId, type, [atMs]);
    if (recorded) await this.#notify(examId, studentId, type, nowMs);
    return { recorded, totalCount: (await this.#counts(examId, studentId)).total };
  }

  /**
   * Records the violations inside stored frames; frames may arrive late and more than once. Each type takes one write. Violations that
   * arrive during a session's write go into its next one. Rejects if the records are unavailable; then the frames are not acknowledged and
   * arrive again.
   */
  async stored(sessionId: string, frames: readonly StoredFrame[]): Promise<void> {
    const seen = frames.flatMap((frame) =>
      (frame.page_violations ?? []).map(({ type, timestamp }) => ({
        type,
        // A violation cannot be detected after it arrived; if its time is later, the client's clock is ahead.
        atMs: Math.min(timestamp, frame.received_at),
      })),
    );
    if (seen.length === 0) return;
    const writing = this.#writing.get(sessionId);
    if (writing === undefined) return await this.#write(sessionId, seen);
    if (writing.next !== null) {
      writing.next.seen.push(...seen);
      return await writing.next.written;
    }
    const gathered: Seen[] = [...seen];
    const written = writing.current.catch(() => undefined).then(() => this.#write(sessionId, gathered));
    writing.next = { seen: gathered, written };
    await written;
  }

  /** Resolves when all violations received so far are written. */
  async close(): Promise<void> {
    while (this.#writing.size > 0) {
      await Promise.allSettled([...this.#writing.values()].map(({ current, next }) => next?.written ?? current));
    }
    this.#notifier.close();
  }

  async #write(sessionId: string, seen: readonly Seen[]): Promise<void> {
    const current = this.#recordSeen(sessionId, seen);
    const writing = { current, next: null };
    this.#writing.set(sessionId, writing);
    try {
      await current;
    } finally {
      if (this.#writing.get(sessionId) === writing && writing.next === null) this.#writing.delete(sessionId);
    }
  }

  async #recordSeen(sessionId: string, seen: readonly Seen[]): Promise<void> {
    const { sessions, now } = this.#options;
    const session = await sessions.find(sessionId);
    if (session === null || session.examId === null || session.memberId === null) return;
    const { examId, memberId } = session;
    const earliestMs = Date.parse(session.startedAt) - beforeStartMs;
    for (const [type, times] of spacedByType(seen, earliestMs)) {
      if (await this.#save(examId, memberId, type, times)) await this.#notify(examId, memberId, type, now());
    }
  }

  /** @returns whether any of them is new */
  async #save(examId: string, studentId: string, type: ViolationType, times: readonly number[]): Promise<boolean> {
    const { work, budget } = this.#options;
    const most = budgetTable.violations.limit;
    const { saved, beyond } = await work.saveViolations(examId, studentId, type, times, { intervalMs, most });
    if (beyond > 0) budget.refused('violations', beyond);
    return saved > 0;
  }

  #notify(examId: string, studentId: string, type: ViolationType, nowMs: number): Promise<void> {
    return this.#notifier.publish(
      JSON.stringify([examId, studentId, type]),
      (publishAt, sinceAt) => this.#options.work.claimViolationEvent(examId, studentId, type, publishAt, sinceAt),
      () => this.#publish(examId, studentId, type),
      nowMs,
    );
  }

  async #publish(examId: string, studentId: string, type: ViolationType): Promise<void> {
    const { total, counts } = await this.#counts(examId, studentId);
    const count = counts.find((candidate) => candidate.type === type);
    if (count === undefined) return;
    this.#options.events.toTeachers(examId, {
      type: 'violation',
      student_id: studentId,
      violation_type: type,
      timestamp: count.lastAt,
      total_count: total,
    });
  }

  async #counts(examId: string, studentId: string) {
    const counts = await this.#options.work.violationCounts(examId, studentId);
    return { counts, total: counts.reduce((sum, { violations }) => sum + violations, 0) };
  }
}

/**
 * The times of each type, ascending; those within `intervalMs` of an earlier one are left out. Times before
 * `earliestMs` are moved to it, so that a session of one hour has at most 3,660 of a type, regardless of the times that
 * its page sends.
 */
const spacedByType = (seen: readonly Seen[], earliestMs: number): Map<ViolationType, number[]> => {
  const byType = new Map<ViolationType, number[]>();
  for (const { type, atMs } of seen.toSorted((a, b) => a.atMs - b.atMs)) {
    const times = byType.get(type) ?? [];
    const boundedMs = Math.max(atMs, earliestMs);
    if (boundedMs - (times.at(-1) ?? -Infinity) >= intervalMs) times.push(boundedMs);
    byType.set(type, times);
  }
  return byType;
};
