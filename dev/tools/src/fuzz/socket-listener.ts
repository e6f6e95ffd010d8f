import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { HangError } from './hang-error.ts';

const answerLimitMs = 20_000;

export interface ServerMessage {
  type: string;
}

/** How a connection ended: with a close code, or with the HTTP status of a refused upgrade. */
export type ConnectionEnd = { code: number } | { status: number };

const withLimit = (promise: Promise<void>, what: string): Promise<void> => {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HangError(what)), answerLimitMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/** A WebSocket whose events can be awaited. */
export class SocketListener {
  #waiting: { event: string; resolve: () => void }[] = [];
  readonly #socket: WebSocket;
  #connection: IncomingMessage['socket'] | null = null;
  /** Null while the connection is open. */
  end: ConnectionEnd | null = null;
  /** The bytes sent last may be the start of a frame that never ends: the server reads nothing after them. */
  isGarbled = false;

  constructor(url: string, onMessage: (message: ServerMessage) => void) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#socket.on('upgrade', ({ socket }) => (this.#connection = socket));
    this.#socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      onMessage(message);
      this.#notify(message.type);
      this.#notify('(any)');
    });
    this.#socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.#finish({ status: response.statusCode ?? 0 });
      this.#socket.terminate();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', (code) => this.#finish({ code }));
    this.#socket.on('open', () => this.#notify('(open)'));
    this.#socket.on('pong', () => this.#notify('(pong)'));
  }

  get isUsable(): boolean {
    return this.end === null && !this.isGarbled;
  }

  /** Resolves when a message of the type arrives, or the connection ends. Also: `(open)`, `(pong)`, `(any)` message, `(end)`. */
  next(event: string): Promise<void> {
    if (this.end !== null) return Promise.resolve();
    const arrived = new Promise<void>((resolve) => this.#waiting.push({ event, resolve }));
    return withLimit(arrived, `no ${event}`);
  }

  send(data: string | Buffer, options: { binary?: boolean; fin?: boolean } = {}): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(data, options);
  }

  ping(): void {
    this.#socket.ping();
  }

  /** Bypasses ws, which sends valid frames only. */
  garble(bytes: Buffer): void {
    this.isGarbled = true;
    this.#connection?.write(bytes);
  }

  async close(): Promise<void> {
    if (this.end !== null) return;
    if (this.isGarbled) return this.#socket.terminate();
    this.#socket.close();
    await this.next('(end)').catch(() => this.#socket.terminate());
  }

  #notify(event: string): void {
    const arrived = this.#waiting.filter((waiting) => waiting.event === event);
    this.#waiting = this.#waiting.filter((waiting) => waiting.event !== event);
    for (const { resolve } of arrived) resolve();
  }

  #finish(end: ConnectionEnd): void {
    this.end ??= end;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }
}
