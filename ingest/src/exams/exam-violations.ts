import type { StoredFrame } from '@invigil/protocol/frame';
import type { ViolationType } from '@invigil/protocol/channels';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { ExamEvents } from './exam-events.ts';
import { ThrottledNotifier } from './throttled-notifier.ts';
import { isoTime } from '../time/iso-time.ts';

export interface ExamViolationsOptions {
  work: ExamWorkRecords;
  sessions: SessionRecords;
  events: ExamEvents;
  now: () => number;
  onError: (error: unknown) => void;
}

/** Two of the same type and student within this time count as one. */
const intervalMs = 1000;
/** An exam page is open, and detects violations, shortly before its session starts. */
const beforeStartMs = 60_000;
/** Of one session. Frames hold them too, so beyond it only the exam's count is too low. */
const maxWaiting = 50_000;

interface Seen {
  type: ViolationType;
  atMs: number;
}

/**
 * Violations that the exam page detected, sent over REST or inside the feature frames of the student's session. Either way teachers get
 * one record and one message: at most one a second per type and student, whichever replica received it.
 */
export class ExamViolations {
  readonly #options: ExamViolationsOptions;
  readonly #notifier: ThrottledNotifier;
  /** By session: what arrived while its violations are being written. */
  readonly #waiting = new Map<string, Seen[]>();
  readonly #writing = new Set<Promise<void>>();

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
    const { work } = this.#options;
    const at = isoTime(atMs);
    const recorded = await work.saveViolation(examId, studentId, type, at, isoTime(atMs - intervalMs));
    if (recorded) await this.#notify(examId, studentId, type, nowMs);
    return { recorded, totalCount: (await this.#counts(examId, studentId)).total };
  }

  /**
   * Records the violations inside stored frames; frames may arrive late and more than once. Each type is one write. What arrives
   * while a session's violations are being written is gathered into its next write.
   */
  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const seen = frames.flatMap((frame) =>
      (frame.page_violations ?? []).map(({ type, timestamp }) => ({
        type,
        // A client's clock may be ahead; nothing can be detected after it arrived.
        atMs: Math.min(timestamp, frame.received_at),
      })),
    );
    if (seen.length === 0) return;
    const waiting = this.#waiting.get(sessionId);
    if (waiting === undefined) this.#begin(sessionId, seen);
    else if (waiting.length + seen.length <= maxWaiting) waiting.push(...seen);
    else this.#options.onError(new RangeError(`more than ${maxWaiting} violations of one session are waiting`));
  }

  /** Resolves when what was received is written. */
  async close(): Promise<void> {
    await Promise.all(this.#writing);
    this.#notifier.close();
  }

  #begin(sessionId: string, seen: Seen[]): void {
    this.#waiting.set(sessionId, []);
    const writing = this.#writeAll(sessionId, seen).finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Never rejects. */
  async #writeAll(sessionId: string, first: Seen[]): Promise<void> {
    for (let next = first; next.length > 0; next = this.#waiting.get(sessionId)?.splice(0) ?? []) {
      await this.#recordSeen(sessionId, next).catch(this.#options.onError);
    }
    this.#waiting.delete(sessionId);
  }

  async #recordSeen(sessionId: string, seen: readonly Seen[]): Promise<void> {
    const { sessions, work, now } = this.#options;
    const session = await sessions.find(sessionId);
    if (session === null || session.examId === null || session.memberId === null) return;
    const { examId, memberId } = session;
    const earliestMs = Date.parse(session.startedAt) - beforeStartMs;
    for (const [type, times] of spacedByType(seen, earliestMs)) {
      const saved = await work.saveViolations(examId, memberId, type, times, intervalMs);
      if (saved > 0) await this.#notify(examId, memberId, type, now());
    }
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
 * The times of each type, ascending; those within `intervalMs` of an earlier one are left out. Times before `earliestMs` are moved to
 * it, so that a session of one hour has at most 3,660 of a type, whatever times its page states.
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
