import { closeCodes, examOver, isOwnReason, shouldReconnect } from '@invigil/protocol/channels';

export type LinkState =
  | { state: 'connecting' }
  | { state: 'open' }
  /** `heardAtMs`: when the last message came, in milliseconds since the Unix epoch; null if none has come yet. */
  | { state: 'waiting'; attempt: number; heardAtMs: number | null }
  | { state: 'over'; reason: 'replaced' | 'denied' | 'closed' };

export interface SocketLinkOptions {
  /** Path with its query; called for each attempt. */
  path: () => string;
  /** Called when messages can be sent. The server must answer one of them, or send one itself. */
  opened: () => void;
  message: (message: unknown) => void;
  state: (state: LinkState) => void;
  /** After this long without a message, `ping` is called; without a message soon after that, the connection is replaced. */
  silentAfterMs: number;
  /** Sends a message that the server answers. */
  ping: () => void;
  /** A connection that lasted this long counts as stable; after it, delays start again from the first. Default: 5 s. */
  steadyMs?: number;
}

const firstWaitMs = 1000;
const waitFactor = 1.5;
const maxWaitMs = 15_000;
/** Jitter as a share of each delay; avoids a reconnect stampede. */
const jitterShare = 0.3;
const defaultSteadyMs = 5000;
/** For the first message. Some proxies open a WebSocket and let nothing through. */
const firstMessageMs = 10_000;
/** For the answer to a ping. Browsers run the timers of a hidden page once a minute, so the regular ping can be due together with this check. */
const answerMs = 10_000;

export const waitMsOf = (attempt: number, random: number): number =>
  Math.min(maxWaitMs, firstWaitMs * waitFactor ** (attempt - 1)) * (1 - jitterShare * random);

const isFinal = (reason: string): boolean => isOwnReason(reason) || reason.startsWith(examOver('').reason);

const overReason = (code: number, reason: string): 'replaced' | 'denied' | 'closed' => {
  // The exam channel says it with the reason alone.
  if (code === closeCodes.replaced.code || reason === closeCodes.replaced.reason) return 'replaced';
  return code === closeCodes.policyViolation.code || code === closeCodes.authTimeout.code ? 'denied' : 'closed';
};

const parse = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
};

/** A WebSocket that counts as open once a message has arrived. It reconnects if the close code allows it, and reports if it does not. */
export class SocketLink {
  readonly #options: SocketLinkOptions;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #heardAtMs: number | null = null;

  constructor(options: SocketLinkOptions) {
    this.#options = options;
  }

  open(): void {
    this.close();
    this.#attempt = 0;
    this.#heardAtMs = null;
    this.#connect();
  }

  /** Dropped without a connection: `opened` sends the current state again. */
  send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect(): void {
    const { options, url } = { options: this.#options, url: new URL(this.#options.path(), location.href) };
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    // Until it is open again, a lost connection stays in the state `waiting`.
    if (this.#attempt === 0) options.state({ state: 'connecting' });
    let firstHeardAt: number | null = null;
    const giveUp = (): void => {
      this.#socket = null;
      socket.close();
      this.#ended(firstHeardAt);
    };
    this.#expectMessage(firstMessageMs, giveUp);
    socket.addEventListener('open', () => {
      if (this.#socket === socket) options.opened();
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      this.#heardAtMs = Date.now();
      this.#expectMessage(options.silentAfterMs, () => {
        this.#expectMessage(answerMs, giveUp);
        options.ping();
      });
      if (firstHeardAt === null) options.state({ state: 'open' });
      firstHeardAt ??= performance.now();
      options.message(parse(data));
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      clearTimeout(this.#silence);
      // A proxy that closes with the same code says nothing about this connection.
      if (!shouldReconnect(code) && isFinal(reason))
        return options.state({ state: 'over', reason: overReason(code, reason) });
      this.#ended(firstHeardAt);
    });
  }

  /** A half-open connection may take minutes to close by itself, so it is given up. */
  #expectMessage(withinMs: number, otherwise: () => void): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(otherwise, withinMs);
  }

  /** Connects again after a delay. @param firstHeardAt when this connection’s first message came, as `performance.now()`. */
  #ended(firstHeardAt: number | null): void {
    const { steadyMs = defaultSteadyMs, state } = this.#options;
    if (firstHeardAt !== null && performance.now() - firstHeardAt >= steadyMs) this.#attempt = 0;
    this.#attempt += 1;
    state({ state: 'waiting', attempt: this.#attempt, heardAtMs: this.#heardAtMs });
    this.#timer = setTimeout(() => this.#connect(), waitMsOf(this.#attempt, Math.random()));
  }
}
