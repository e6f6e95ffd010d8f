import { setTimeout as delay } from 'node:timers/promises';
import { PresenceClient } from './presence-client.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';

const askAgainMs = 1000;

export interface StudentPageOptions {
  /** Of the server, `ws://…`. */
  origin: string;
  examId: string;
  token: string;
}

/** A student's exam page, as documented: connected to the exam channel, and an agent in its classroom. */
export class StudentPage {
  /** Types of the messages of the exam channel. */
  readonly received: string[] = [];
  /** The exam's status, read after each connect. */
  readonly statuses: string[] = [];
  readonly #options: StudentPageOptions;
  readonly #exam: ReconnectingSocket;
  readonly #presence: PresenceClient;
  #closed = false;

  constructor(options: StudentPageOptions) {
    const { origin, examId, token } = options;
    this.#options = options;
    const url = `${origin}/api/v1/websocket/${examId}/ws?token=${token}`;
    this.#exam = new ReconnectingSocket(url, ({ type }) => {
      this.received.push(type);
      if (type === 'connected') void this.#readStatus();
    });
    this.#presence = new PresenceClient({ origin, classroomId: examId, label: 'web', token });
  }

  get connected(): boolean {
    return this.#exam.connected && this.#presence.connected;
  }

  /** Whether it has learned that the exam is running: from the event, or from the state. */
  get sawStart(): boolean {
    return this.received.includes('session_started') || this.statuses.includes('IN_PROGRESS');
  }

  count(type: string): number {
    return this.received.filter((received) => received === type).length;
  }

  close(): void {
    this.#closed = true;
    this.#exam.close();
    this.#presence.close();
  }

  /** Asks again if the replica that was asked stops. */
  async #readStatus(): Promise<void> {
    const { origin, examId, token } = this.#options;
    const url = `${origin.replace('ws', 'http')}/api/v1/exams/${examId}`;
    while (!this.#closed) {
      const status = await statusAt(url, token);
      if (status !== null) return void this.statuses.push(status);
      await delay(askAgainMs);
    }
  }
}

/** Null if the server did not answer. */
const statusAt = async (url: string, token: string): Promise<string | null> => {
  try {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    return response.ok ? ((await response.json()) as { status: string }).status : null;
  } catch {
    return null;
  }
};
