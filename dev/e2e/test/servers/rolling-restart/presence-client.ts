import { WebSocket } from 'ws';
import type { SocketMessage } from './reconnecting-socket.ts';

export interface PresenceOptions {
  /** Of the server, `ws://…`. */
  origin: string;
  classroomId: string;
  label: string;
  token: string;
  onEvent?: (event: SocketMessage) => void;
}

const returnAfterMs = 1000;

/** An agent as in the workflow of presence: if its replica stops, it connects to another one and then closes the old connection. */
export class PresenceClient {
  /** How often it entered the classroom. */
  connects = 0;
  readonly #options: PresenceOptions;
  /** The connection by which the agent is in the classroom. */
  #entered: WebSocket | null = null;
  #entering: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#connect(null);
  }

  get connected(): boolean {
    return this.#entered !== null;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#entered?.close();
    this.#entering?.close();
  }

  /** @param replaced the connection to a replica that stops */
  #connect(replaced: WebSocket | null): void {
    const { origin, classroomId, label, token, onEvent } = this.#options;
    const socket = new WebSocket(`${origin}/ws/presence`);
    this.#entering = socket;
    socket.on('open', () => {
      const payload = { agent_label: label, classroom_id: classroomId, token };
      socket.send(JSON.stringify({ type: 'connect_request', payload }));
    });
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as SocketMessage;
      if (message.type === 'event') onEvent?.(message);
      if (message.type === 'recoverable_session_error' && !this.#closed) this.#connect(socket);
      if (isExamOver(message)) this.#closed = true;
      if (message.type !== 'connect_success') return;
      [this.#entered, this.#entering] = [socket, null];
      this.connects += 1;
      replaced?.close();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#entered === socket) this.#entered = null;
      if (this.#entering === socket) this.#entering = null;
      if (this.#closed || this.#entered !== null || this.#entering !== null) return;
      this.#timer = setTimeout(() => this.#connect(null), returnAfterMs);
    });
  }
}

const isExamOver = ({ type, payload }: SocketMessage): boolean =>
  type === 'unrecoverable_session_error' && (payload as { type: string }).type === 'access_denied';
