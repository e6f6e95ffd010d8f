import { WebSocket } from 'ws';
import { demandDescribedMessage } from '@invigil/testkit/described/described-messages';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

// Tests read messages of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
type Message = any;

const patienceMs = 15_000;

/** A client of the exam channel. Keeps messages in order; `next` removes and returns the first one of a type. */
export class ExamClient {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #socket: WebSocket;
  #wake: () => void = () => undefined;

  constructor(server: TestServer, examId: string, token: string) {
    this.#socket = new WebSocket(`${server.origin.replace('http', 'ws')}/api/v1/websocket/${examId}/ws?token=${token}`);
    this.#socket.on('message', (data: Buffer) => {
      const message: Message = JSON.parse(data.toString('utf8'));
      demandDescribedMessage(this.#socket.url, message);
      this.messages.push(message);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') }));
    });
  }

  /** Connected, with the documented first message. */
  static async open(server: TestServer, examId: string, token: string): Promise<ExamClient> {
    const client = new ExamClient(server, examId, token);
    const [first] = await client.#until(() => client.messages.length > 0);
    if (first.type !== 'connected') throw new Error(`began with ${JSON.stringify(first)}`);
    client.messages.shift();
    return client;
  }

  async next(type: string, fits: (message: Message) => boolean = () => true): Promise<Message> {
    const isIt = (message: Message): boolean => message.type === type && fits(message);
    await this.#until(() => this.messages.some(isIt), `for ${type}`);
    return this.messages.splice(this.messages.findIndex(isIt), 1)[0];
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** When the answer has arrived, everything sent before it has arrived as well. */
  async settled(): Promise<void> {
    this.send({ type: 'heartbeat' });
    await this.next('pong');
  }

  types(): string[] {
    return this.messages.map(({ type }) => type);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  async #until(isSo: () => boolean, what = ''): Promise<Message[]> {
    const untilMs = Date.now() + patienceMs;
    while (!isSo()) {
      const leftMs = untilMs - Date.now();
      if (leftMs <= 0) throw new Error(`gave up waiting ${what}; have ${JSON.stringify(this.messages.slice(0, 20))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
        void this.closed.then(this.#wake);
      });
      if (this.#socket.readyState === WebSocket.CLOSED && !isSo()) {
        throw new Error(`closed while waiting ${what}; have ${JSON.stringify(this.messages)}`);
      }
    }
    return this.messages;
  }
}
