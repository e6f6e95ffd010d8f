import { closeCodes } from '@invigil/protocol/channels';
import { vi } from 'vitest';

type Listener = (event: { code?: number; reason?: string; data?: string }) => void;

/** The words with which the server closes. */
const ownReason = (code: number): string =>
  Object.values(closeCodes).find((close) => close.code === code)?.reason ?? '';

/** The network's side of a WebSocket: the test opens and closes it, and sends what a server would. */
export class TestSocket {
  static readonly OPEN = 1;
  readonly url: string;
  readonly sent: unknown[] = [];
  readyState = 0;
  isClosedByPage = false;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: URL | string) {
    this.url = String(url);
  }

  addEventListener(name: string, listener: Listener): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosedByPage = true;
    this.end(1000);
  }

  open(): void {
    this.readyState = TestSocket.OPEN;
    this.#emit('open', {});
  }

  receive(message: unknown): void {
    this.#emit('message', { data: typeof message === 'string' ? message : JSON.stringify(message) });
  }

  end(code: number, reason = ownReason(code)): void {
    this.readyState = 3;
    this.#emit('close', { code, reason });
  }

  #emit(name: string, event: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }
}

/** Replaces WebSockets until `vi.unstubAllGlobals`. @returns those that the page has made, oldest first. */
export const watchSockets = (): TestSocket[] => {
  const sockets: TestSocket[] = [];
  vi.stubGlobal(
    'WebSocket',
    class extends TestSocket {
      constructor(url: URL | string) {
        super(url);
        sockets.push(this);
      }
    },
  );
  return sockets;
};

/** The newest socket; throws if there is none. */
export const newest = (sockets: readonly TestSocket[]): TestSocket => {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error('the page made no socket');
  return socket;
};
