import { randomUUID } from 'node:crypto';
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
}

/** A student whose sessions end by accident needs a few; more are an attack. */
const maxSessionsPerDay = 50;
const dayMs = 86_400_000;

/** Starting and finding sessions. Ending is `SessionEnding`. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Idempotent: a student has one running session of an exam. @throws IngestError `too_many_sessions` */
  async start(examId: string, memberId: string, actor: string): Promise<Session> {
    const { records, now } = this.#options;
    const known = await records.ofMember(examId, memberId);
    const running = known.findLast(({ status }) => status === 'running');
    if (running !== undefined) return running;
    const dayAgo = isoTime(now() - dayMs);
    if (known.filter(({ startedAt }) => startedAt > dayAgo).length >= maxSessionsPerDay) {
      throw new IngestError('too_many_sessions', `a student may start ${maxSessionsPerDay} sessions of an exam a day`);
    }
    const session: Session = {
      sessionId: randomUUID(),
      examId,
      memberId,
      status: 'running',
      startedAt: this.#nowIso(),
      endedAt: null,
    };
    await records.create({ ...session, actor });
    return session;
  }

  find(sessionId: string): Promise<Session | null> {
    return this.#options.records.find(sessionId);
  }

  /** The session. An unknown one is created if that is allowed, otherwise the result is null. */
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
    return records.find(sessionId);
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}
