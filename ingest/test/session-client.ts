import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { FeatureFrame } from '@invigil/protocol/frame';
import { demandDescribedMessage } from '@invigil/testkit/described/described-messages';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { waitUntil } from '@invigil/testkit/timers/waits';

// Tests read messages of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type Message = any;

/** A client of the session channel that records received messages from the start. */
export class SessionClient {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;

  constructor(server: Pick<TestServer, 'port'>, sessionId: string, query = '', options: ClientOptions = {}) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/session/ws/${sessionId}${query}`, options);
    // ws delivers each message as one Buffer.
    this.#socket.on('message', (data: Buffer) => {
      const message: Message = JSON.parse(data.toString());
      demandDescribedMessage(this.#socket.url, message);
      this.messages.push(message);
    });
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    // Callers that await it see a refused connection; awaiting it is optional.
    this.#opened.catch(() => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  async opened(): Promise<this> {
    await this.#opened;
    return this;
  }

  send(message: object | string | Buffer): void {
    this.#socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The next message that matches, including those already received; each is returned once. */
  async next(type: string): Promise<Message> {
    const find = (): Message => this.messages.find((message) => message.type === type);
    const found = await waitUntil(find, { timeout: 15_000, interval: 5 });
    this.messages.splice(this.messages.indexOf(found), 1);
    return found;
  }

  /** Resolves when everything sent before has been answered: messages are handled in order. */
  async settled(): Promise<void> {
    this.send({ type: 'ping' });
    await this.next('pong');
  }

  /** Resolves when the server has read everything sent before. It may not have answered yet. */
  async received(): Promise<void> {
    const ponged = once(this.#socket, 'pong');
    this.#socket.ping();
    await ponged;
  }

  /** Disconnects without a close frame. */
  cut(): void {
    this.#socket.terminate();
  }

  close(): void {
    this.#socket.close();
  }
}

export const startMs = Date.UTC(2026, 0, 5, 9);

/** Frames of an uneventful session, five a second. */
export const frames = (from: number, to: number): FeatureFrame[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({
    seq: from + index,
    timestamp: startMs + (from + index) * 200,
    face_present: 1,
    no_of_face: 1,
    head_yaw: 0.01,
    head_pitch: 0.02,
  }));

export const batch = (from: number, to: number): object => ({ type: 'batch', frames: frames(from, to) });
