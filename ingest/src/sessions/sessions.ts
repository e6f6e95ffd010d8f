import { randomUUID } from 'node:crypto';
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

/** Starting and finding sessions. Ending is `SessionEnding`. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  async start(examId: string, memberId: string, actor: string): Promise<Session> {
    const session: Session = {
      sessionId: randomUUID(),
      examId,
      memberId,
      status: 'running',
      startedAt: this.#nowIso(),
      endedAt: null,
    };
    await this.#options.records.create({ ...session, actor });
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
