import { connect, errors } from '@nats-io/transport-node';
import type { NatsConnection, Subscription as NatsSubscription } from '@nats-io/transport-node';
import { busUnavailable } from '../model/ingest-error.ts';
import { withAnswerDeadline } from './answer-deadline.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { wireNames } from './wire-names.ts';
import type { WireNames } from './wire-names.ts';

/** Separates the replicas' own subjects from those of other programs on the same server. */
const ownPrefix = 'invigil.';
/** After two unanswered pings the client reconnects: in under five seconds. */
const pingIntervalMs = 1500;
const reconnectWaitMs = 250;
const connectTimeoutMs = 3000;

export interface LinkEvents {
  /** Called once per outage, not once per attempt; the connection recovers by itself. */
  onLost(error: unknown): void;
  onBack(): void;
  /** A message was dropped, because it is larger than the server accepts (`max_payload`). */
  onTooLarge(subject: string, bytes: number): void;
}

const noEvents: LinkEvents = { onLost: () => undefined, onBack: () => undefined, onTooLarge: () => undefined };

/** NATS core (no JetStream). The URL holds a user name and password, or a token; separate several servers with commas. */
export const natsLink = (url: string, events: LinkEvents = noEvents, prefix = ''): BusLink =>
  new NatsLink(url, events, wireNames(prefix, ownPrefix));

interface Follower {
  subject: string;
  receive: (subject: string, text: string) => void;
  /** Null until the first connection succeeds. */
  subscription: NatsSubscription | null;
  followed: () => void;
}

type State = { state: 'connecting' } | { state: 'up' | 'down'; connection: NatsConnection } | { state: 'closed' };

class NatsLink implements BusLink {
  readonly isLocal = false;
  readonly #followers = new Set<Follower>();
  readonly #upListeners: (() => void)[] = [];
  readonly #connecting: Promise<void>;
  readonly #events: LinkEvents;
  readonly #names: WireNames;
  #state: State = { state: 'connecting' };

  constructor(url: string, events: LinkEvents, names: WireNames) {
    this.#names = names;
    this.#events = events;
    this.#connecting = this.#connect(url);
  }

  publish(subject: string, text: string): boolean {
    // The client would buffer unsent messages without bound, and deliver them when they are out of date.
    if (this.#state.state !== 'up') return false;
    const { connection } = this.#state;
    try {
      connection.publish(this.#names.nameOf(subject), text);
      return true;
    } catch (error) {
      const bytes = Buffer.byteLength(text);
      const isTooLarge = bytes > (connection.info?.max_payload ?? Infinity);
      if (!(error instanceof errors.InvalidArgumentError) || !isTooLarge) throw error;
      this.#events.onTooLarge(subject, bytes);
      return false;
    }
  }

  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern {
    let followed: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (followed = resolve));
    const follower: Follower = { subject: this.#names.nameOf(pattern), receive, subscription: null, followed };
    this.#followers.add(follower);
    if (this.#state.state === 'up' || this.#state.state === 'down') this.#subscribe(this.#state.connection, follower);
    return {
      ready,
      stop: () => {
        this.#followers.delete(follower);
        follower.subscription?.unsubscribe();
      },
    };
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async check(): Promise<void> {
    if (this.#state.state !== 'up') throw busUnavailable('no connection to NATS');
    await withAnswerDeadline(this.#state.connection.flush());
  }

  async close(): Promise<void> {
    const before = this.#state;
    this.#state = { state: 'closed' };
    this.#upListeners.length = 0;
    // The last published messages must be sent before the connection closes.
    if (before.state === 'up') await withAnswerDeadline(before.connection.flush()).catch(() => undefined);
    if (before.state === 'up' || before.state === 'down') await before.connection.close();
    // A connection attempt in progress closes itself once it succeeds, see #connect.
    if (before.state === 'connecting') void this.#connecting;
  }

  async #connect(url: string): Promise<void> {
    let isFirstTry = true;
    for (;;) {
      try {
        const connection = await connect({
          ...optionsOf(url),
          maxReconnectAttempts: -1,
          timeout: connectTimeoutMs,
          ignoreAuthErrorAbort: true,
        });
        if (this.#state.state === 'closed') return await connection.close();
        this.#state = { state: 'up', connection };
        void this.#watch(connection);
        for (const follower of this.#followers) this.#subscribe(connection, follower);
        if (!isFirstTry) {
          this.#events.onBack();
          this.#notifyUp(connection);
        }
        return;
      } catch (error) {
        if (isFirstTry && this.#state.state !== 'closed') this.#events.onLost(error);
        isFirstTry = false;
        await new Promise<void>((resolve) => setTimeout(resolve, reconnectWaitMs).unref());
        if (this.#state.state === 'closed') return;
      }
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (this.#state.state === 'closed') return;
      if (type === 'disconnect' || type === 'staleConnection') {
        if (this.#state.state === 'up') this.#events.onLost(busUnavailable(type));
        this.#state = { state: 'down', connection };
      }
      if (type === 'reconnect') {
        if (this.#state.state === 'down') this.#events.onBack();
        this.#state = { state: 'up', connection };
        this.#notifyUp(connection);
      }
    }
  }

  #notifyUp(connection: NatsConnection): void {
    // The client sends its subscriptions first, so once the server answers, they are active.
    connection.flush().then(
      () => {
        // Including those whose own flush was lost with the connection.
        for (const { followed } of this.#followers) followed();
        for (const listener of this.#upListeners) listener();
      },
      // The connection was lost again; the next reconnect calls the listeners.
      () => undefined,
    );
  }

  #subscribe(connection: NatsConnection, follower: Follower): void {
    follower.subscription = connection.subscribe(follower.subject, {
      callback: (error, message) => {
        if (error === null) follower.receive(this.#names.subjectOf(message.subject), message.string());
      },
    });
    connection.flush().then(follower.followed, () => undefined);
  }
}

const optionsOf = (url: string) => {
  const urls = url.split(',').map((server) => new URL(server));
  const [first] = urls;
  const user = decodeURIComponent(first?.username ?? '');
  const pass = decodeURIComponent(first?.password ?? '');
  return {
    servers: urls.map(({ protocol, host }) => `${protocol}//${host}`),
    noEcho: true,
    pingInterval: pingIntervalMs,
    maxPingOut: 2,
    reconnectTimeWait: reconnectWaitMs,
    ...(user === '' ? {} : pass === '' ? { token: user } : { user, pass }),
  };
};
