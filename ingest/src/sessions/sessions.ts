import { randomUUID } from 'node:crypto';
import { budgetTable } from '../budget/budget-table.ts';
import { IngestError } from '../model/ingest-error.ts';
import { systemActors } from '../model/system-actor.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { Session } from '../model/session.ts';
import { isoTime } from '../time/iso-time.ts';

export interface SessionsOptions {
  records: SessionRecords;
  /** Whether the first use of an unknown id creates the session (AUTH=dev). */
  createOnFirstUse: boolean;
  now: () => number;
  /** A student has started too many sessions. */
  onRefused?: () => void;
  /** A session was created here. */
  onStarted?: (session: Session) => void;
}

const sessionsPerDay = budgetTable.sessions.limit;
const dayMs = 86_400_000;

/** Starts and finds sessions. `SessionEnding` ends them. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /**
   * The student's running session of the exam, or a new one. Simultaneous starts, on any replicas, return the same session.
   * @throws IngestError `too_many_sessions`
   */
  async start(examId: string, memberId: string, actor: string): Promise<Session> {
    const { records, now } = this.#options;
    // A session can end between the two steps; then another can begin.
    for (;;) {
      const running = (await records.ofMember(examId, memberId)).findLast(({ status }) => status === 'running');
      if (running !== undefined) return running;
      const session: Session & { examId: string; memberId: string } = {
        sessionId: randomUUID(),
        examId,
        memberId,
        status: 'running',
        startedAt: this.#nowIso(),
        endedAt: null,
      };
      const after = isoTime(now() - dayMs);
      const outcome = await records.createCurrent({ ...session, actor }, { after, limit: sessionsPerDay });
      if (outcome === 'created') {
        this.#options.onStarted?.(session);
        return session;
      }
      if (outcome === 'too_many') {
        this.#options.onRefused?.();
        throw new IngestError(
          'too_many_sessions',
          `a student may start ${sessionsPerDay} sessions of an exam in 24 hours; this limit is reached`,
        );
      }
    }
  }

  /** The session's student was seen in the browser that the exam requires. */
  browserVerified(sessionId: string): Promise<void> {
    return this.#options.records.browserVerified(sessionId, this.#nowIso());
  }

  find(sessionId: string): Promise<Session | null> {
    return this.#options.records.find(sessionId);
  }

  /** The session. Creates an unknown one if that is allowed; otherwise null. */
  async open(sessionId: string): Promise<Session | null> {
    const { records, createOnFirstUse } = this.#options;
    const known = await records.find(sessionId);
    if (known !== null || !createOnFirstUse) return known;
    await records.create({
      sessionId,
      examId: null,
      memberId: null,
      startedAt: this.#nowIso(),
      actor: systemActors.firstUse,
    });
    const session = await records.find(sessionId);
    if (session !== null) this.#options.onStarted?.(session);
    return session;
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}
