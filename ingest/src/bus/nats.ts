import { connect } from '@nats-io/transport-node';
import type { NatsConnection, Subscription as NatsSubscription } from '@nats-io/transport-node';
import { busUnavailable } from '../model/ingest-error.ts';
import { withDeadline } from '../time/with-deadline.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';

/** Apart from other programs' subjects on the same server. */
const prefix = 'invigil.';
const pingIntervalMs = 5000;
const reconnectWaitMs = 250;
const connectTimeoutMs = 3000;
const checkTimeoutMs = 2000;

/** Told once for an outage, not once for each attempt; the connection comes back by itself. */
export interface LinkNews {
  lost(error: unknown): void;
  back(): void;
}

const unheard: LinkNews = { lost: () => undefined, back: () => undefined };

/** NATS core (no JetStream). Name and password, or a token, come in the URL; several servers are joined by commas. */
export const natsLink = (url: string, news: LinkNews = unheard): BusLink => new NatsLink(url, news);

interface Follower {
  subject: string;
  receive: (subject: string, text: string) => void;
  /** Null until there is a first connection. */
  subscription: NatsSubscription | null;
  followed: () => void;
}

type State = { state: 'connecting' } | { state: 'up' | 'down'; connection: NatsConnection } | { state: 'closed' };

class NatsLink implements BusLink {
  readonly #followers = new Set<Follower>();
  readonly #upListeners: (() => void)[] = [];
  readonly #connecting: Promise<void>;
  readonly #news: LinkNews;
  #state: State = { state: 'connecting' };

  constructor(url: string, news: LinkNews) {
    this.#news = news;
    this.#connecting = this.#connect(url);
  }

  publish(subject: string, text: string): boolean {
    // The client would keep what cannot be sent now, without bound; delivered late it would be old news.
    if (this.#state.state !== 'up') return false;
    this.#state.connection.publish(prefix + subject, text);
    return true;
  }

  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern {
    let followed: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (followed = resolve));
    const follower: Follower = { subject: prefix + pattern, receive, subscription: null, followed };
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
    await withDeadline(this.#state.connection.flush(), checkTimeoutMs, () => {
      throw busUnavailable('no answer in time');
    });
  }

  async close(): Promise<void> {
    const before = this.#state;
    this.#state = { state: 'closed' };
    this.#upListeners.length = 0;
    if (before.state === 'up' || before.state === 'down') await before.connection.close();
    // A connection that is still being made closes itself when it is there, see #connect.
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
          this.#news.back();
          this.#tellUp(connection);
        }
        return;
      } catch (error) {
        if (isFirstTry && this.#state.state !== 'closed') this.#news.lost(error);
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
        if (this.#state.state === 'up') this.#news.lost(busUnavailable(type));
        this.#state = { state: 'down', connection };
      }
      if (type === 'reconnect') {
        if (this.#state.state === 'down') this.#news.back();
        this.#state = { state: 'up', connection };
        this.#tellUp(connection);
      }
    }
  }

  #tellUp(connection: NatsConnection): void {
    // The client sends its subscriptions first, so once the server answers, they are there.
    connection.flush().then(
      () => {
        // Also those whose own question was lost with the connection.
        for (const { followed } of this.#followers) followed();
        for (const listener of this.#upListeners) listener();
      },
      // Lost again; the next reconnect tells.
      () => undefined,
    );
  }

  #subscribe(connection: NatsConnection, follower: Follower): void {
    follower.subscription = connection.subscribe(follower.subject, {
      callback: (error, message) => {
        if (error === null) follower.receive(message.subject.slice(prefix.length), message.string());
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
