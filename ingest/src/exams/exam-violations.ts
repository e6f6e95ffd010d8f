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

/**
 * Violations that the exam page detected, sent over REST or inside the feature frames of the student's session. Either way teachers get
 * one record and one message: at most one a second per type and student, whichever replica received it.
 */
export class ExamViolations {
  readonly #options: ExamViolationsOptions;
  readonly #notifier: ThrottledNotifier;

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
    if (recorded) {
      await this.#notifier.publish(
        JSON.stringify([examId, studentId, type]),
        (publishAt, sinceAt) => work.claimViolationEvent(examId, studentId, type, publishAt, sinceAt),
        () => this.#publish(examId, studentId, type),
        nowMs,
      );
    }
    return { recorded, totalCount: (await this.#counts(examId, studentId)).total };
  }

  /** Records the violations inside stored frames, oldest first. Frames may arrive late and more than once. */
  stored(sessionId: string, frames: readonly StoredFrame[]): void {
    const seen = frames.flatMap((frame) =>
      (frame.page_violations ?? []).map(({ type, timestamp }) => ({
        type,
        // A client's clock may be ahead; nothing can be detected after it arrived.
        atMs: Math.min(timestamp, frame.received_at),
      })),
    );
    if (seen.length === 0) return;
    this.#recordSeen(
      sessionId,
      seen.sort((a, b) => a.atMs - b.atMs),
    ).catch(this.#options.onError);
  }

  close(): void {
    this.#notifier.close();
  }

  async #recordSeen(sessionId: string, seen: readonly { type: ViolationType; atMs: number }[]): Promise<void> {
    const session = await this.#options.sessions.find(sessionId);
    if (session === null || session.examId === null || session.memberId === null) return;
    for (const { type, atMs } of seen) {
      await this.record(session.examId, session.memberId, type, atMs, this.#options.now());
    }
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
