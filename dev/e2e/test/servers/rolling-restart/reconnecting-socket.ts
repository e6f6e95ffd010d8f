import { WebSocket } from 'ws';

export interface SocketMessage {
  type: string;
  [field: string]: unknown;
}

const firstDelayMs = 1000;
const delayFactor = 1.5;
/** Documented clients do not return after these. */
const finalCodes = [1000, 1008];

/** A client as in the documentation of the exam and alerts channels: it reconnects with a growing delay. */
export class ReconnectingSocket {
  /** Duration of each disconnection. */
  readonly absencesMs: number[] = [];
  readonly #url: string;
  readonly #onMessage: (message: SocketMessage) => void;
  #socket: WebSocket | null = null;
  #delayMs = firstDelayMs;
  #goneSinceMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string, onMessage: (message: SocketMessage) => void) {
    this.#url = url;
    this.#onMessage = onMessage;
    this.#connect();
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.on('open', () => {
      this.#delayMs = firstDelayMs;
      if (this.#goneSinceMs !== null) this.absencesMs.push(Date.now() - this.#goneSinceMs);
      this.#goneSinceMs = null;
    });
    socket.on('message', (data) => this.#onMessage(JSON.parse((data as Buffer).toString()) as SocketMessage));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (this.#closed || finalCodes.includes(code)) return;
      this.#goneSinceMs ??= Date.now();
      this.#timer = setTimeout(() => this.#connect(), this.#delayMs);
      this.#delayMs *= delayFactor;
    });
  }
}
