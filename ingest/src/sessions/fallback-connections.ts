import type { Hello, ServerSessionMessage } from '@invigil/protocol/channels';
import type { Session } from '../model/session.ts';

/** A student's connection, as the rest of the server knows it. */
export interface OpenedSession {
  greeted(hello: Hello): void;
  left(): void;
}
export type OpenSession = (session: Session, say: (message: ServerSessionMessage) => void) => OpenedSession;

interface Visit {
  opened: OpenedSession;
  /** What was to be said since the last answer; of each type the newest. */
  unsaid: Map<string, ServerSessionMessage>;
  timer: NodeJS.Timeout;
}

/** Students whose network blocks sockets: they count as connected as long as their requests come. */
export class FallbackConnections {
  readonly #open: OpenSession;
  readonly #silenceMs: number;
  readonly #visits = new Map<string, Visit>();
  #closed = false;

  /** @param silenceMs without a request for so long a student is gone. */
  constructor(open: OpenSession, silenceMs: number) {
    this.#open = open;
    this.#silenceMs = silenceMs;
  }

  /** A request of this session has come. */
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

  /** What goes with the next answer, because nothing can be said unasked. */
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
