import type { Hello, ServerSessionMessage } from '@invigil/protocol/channels';
import type { Session } from '../model/session.ts';

/** Handle of a student's connection, over any transport. */
export interface OpenedSession {
  greeted(hello: Hello): void;
  left(): void;
}
export type OpenSession = (session: Session, say: (message: ServerSessionMessage) => void) => OpenedSession;

interface Visit {
  opened: OpenedSession;
  /** Messages since the last answer; the newest of each type. */
  unsaid: Map<string, ServerSessionMessage>;
  timer: NodeJS.Timeout;
}

/** Students whose network blocks WebSockets. They count as connected while their requests keep coming. */
export class FallbackConnections {
  readonly #open: OpenSession;
  readonly #silenceMs: number;
  readonly #visits = new Map<string, Visit>();
  #closed = false;

  /** @param silenceMs a student without a request for this long is disconnected */
  constructor(open: OpenSession, silenceMs: number) {
    this.#open = open;
    this.#silenceMs = silenceMs;
  }

  /** Call for each request of the session. */
  seen(session: Session): void {
    const known = this.#visits.get(session.sessionId);
    if (known !== undefined) return void known.timer.refresh();
    if (this.#closed) return;
    const unsaid: Visit['unsaid'] = new Map();
    const opened = this.#open(session, (message) => unsaid.set(message.type, message));
    const timer = setTimeout(() => this.gone(session.sessionId), this.#silenceMs).unref();
    this.#visits.set(session.sessionId, { opened, unsaid, timer });
  }

  greeted(sessionId: string, hello: Hello): void {
    this.#visits.get(sessionId)?.opened.greeted(hello);
  }

  /** The messages to send with the next answer, since HTTP has no push. */
  takeUnsaid(sessionId: string): ServerSessionMessage[] {
    const unsaid = this.#visits.get(sessionId)?.unsaid;
    const messages = [...(unsaid?.values() ?? [])];
    unsaid?.clear();
    return messages;
  }

  gone(sessionId: string): void {
    const visit = this.#visits.get(sessionId);
    if (visit === undefined) return;
    this.#visits.delete(sessionId);
    clearTimeout(visit.timer);
    visit.opened.left();
  }

  close(): void {
    this.#closed = true;
    for (const sessionId of this.#visits.keys()) this.gone(sessionId);
  }
}
