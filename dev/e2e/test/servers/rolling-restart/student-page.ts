import { PresenceClient } from './presence-client.ts';
import { ReconnectingSocket } from './reconnecting-socket.ts';

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
  readonly #exam: ReconnectingSocket;
  readonly #presence: PresenceClient;

  constructor({ origin, examId, token }: StudentPageOptions) {
    const url = `${origin}/api/v1/websocket/${examId}/ws?token=${token}`;
    this.#exam = new ReconnectingSocket(url, ({ type }) => this.received.push(type));
    this.#presence = new PresenceClient({ origin, classroomId: examId, label: 'web', token });
  }

  get connected(): boolean {
    return this.#exam.connected && this.#presence.connected;
  }

  count(type: string): number {
    return this.received.filter((received) => received === type).length;
  }

  close(): void {
    this.#exam.close();
    this.#presence.close();
  }
}
