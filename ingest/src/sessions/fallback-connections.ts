import type { Hello, ServerSessionMessage } from '@invigil/protocol/channels';
import type { Session } from '../model/session.ts';
import type { OnSessionConnected, SessionConnectionListener } from './session-connection.ts';

interface FallbackConnection {
  listener: SessionConnectionListener;
  /** Messages since the last answer; the newest of each type. */
  pending: Map<string, ServerSessionMessage>;
  timer: NodeJS.Timeout;
}

/** Students whose network blocks WebSockets. They count as connected while their requests keep coming. */
export class FallbackConnections {
  readonly #onSessionConnected: OnSessionConnected;
  readonly #silenceMs: number;
  readonly #connections = new Map<string, FallbackConnection>();
  #closed = false;

  /** @param silenceMs a student without a request for this long is disconnected */
  constructor(onSessionConnected: OnSessionConnected, silenceMs: number) {
    this.#onSessionConnected = onSessionConnected;
    this.#silenceMs = silenceMs;
  }

  /** Call for each request of the session. */
  onRequest(session: Session): void {
    const known = this.#connections.get(session.sessionId);
    if (known !== undefined) return void known.timer.refresh();
    if (this.#closed) return;
    const pending: FallbackConnection['pending'] = new Map();
    const listener = this.#onSessionConnected(session, (message) => pending.set(message.type, message));
    const timer = setTimeout(() => this.disconnect(session.sessionId), this.#silenceMs).unref();
    this.#connections.set(session.sessionId, { listener, pending, timer });
  }

  onHello(sessionId: string, hello: Hello): void {
    this.#connections.get(sessionId)?.listener.onHello(hello);
  }

  /** Returns the messages to send with the next answer, since HTTP has no push, and forgets them. */
  takePending(sessionId: string): ServerSessionMessage[] {
    const pending = this.#connections.get(sessionId)?.pending;
    const messages = [...(pending?.values() ?? [])];
    pending?.clear();
    return messages;
  }

  disconnect(sessionId: string): void {
    const connection = this.#connections.get(sessionId);
    if (connection === undefined) return;
    this.#connections.delete(sessionId);
    clearTimeout(connection.timer);
    connection.listener.onClose();
  }

  /** Disconnects all students; later requests connect no one. */
  close(): void {
    this.#closed = true;
    for (const sessionId of this.#connections.keys()) this.disconnect(sessionId);
  }
}
