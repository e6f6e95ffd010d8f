import type { LiveEnvelope, LiveFrame, SentinelInfo, UnobservedSentinel } from '@invigil/protocol/channels';
import { staffToken } from '../../sign-in/staff-token.ts';
import { SocketLink } from './socket-link.ts';
import type { LinkState } from './socket-link.ts';

export interface LiveLinkOptions {
  /** The exam's PIN, by which the server lists only its students; null: it lists all that this teacher may watch. */
  pin: string | null;
  sentinels: (sentinels: readonly SentinelInfo[]) => void;
  frames: (frames: readonly LiveFrame[]) => void;
  /** All connected students whom the server cannot observe now. */
  unobserved: (sentinels: readonly UnobservedSentinel[]) => void;
  state: (state: LinkState) => void;
}

/** The server answers each registration, also a repeated one. */
const registerEveryMs = 20_000;
const silentAfterMs = 60_000;

/** The connected students, and the readings of the watched ones. */
export class LiveLink {
  readonly #link: SocketLink;
  readonly #options: LiveLinkOptions;
  #subscribed = new Set<string>();
  #lists = 0;
  #isRegistered = false;
  #registrations: ReturnType<typeof setInterval> | undefined;

  constructor(options: LiveLinkOptions) {
    this.#options = options;
    this.#link = new SocketLink({
      path: () => '/ws/proctor',
      state: options.state,
      silentAfterMs,
      ping: () => this.#register(),
      opened: () => {
        this.#lists = 0;
        this.#isRegistered = false;
        this.#subscribed = new Set();
        this.#register();
      },
      message: (message) => this.#take(message as LiveEnvelope | null),
    });
  }

  open(): void {
    this.#registrations = setInterval(() => this.#register(), registerEveryMs);
    this.#link.open();
  }

  close(): void {
    clearInterval(this.#registrations);
    this.#link.close();
  }

  /** Subscribes to these students only. Call again with each new list of sentinels. */
  watch(sentinelIds: ReadonlySet<string>): void {
    if (!this.#isListed) return;
    for (const sentinelId of this.#subscribed) {
      if (sentinelIds.has(sentinelId)) continue;
      this.#subscribed.delete(sentinelId);
      this.#send({ type: 'proctor.revoke-subscription', payload: { sentinelId } });
    }
    for (const sentinelId of sentinelIds) {
      if (this.#subscribed.has(sentinelId)) continue;
      this.#subscribed.add(sentinelId);
      this.#send({ type: 'proctor.subscribe', payload: { sentinelId } });
    }
  }

  /** Ignore the list that arrives before the server knows the PIN: it covers all exams. */
  get #isListed(): boolean {
    return this.#lists >= (this.#options.pin === null ? 1 : 2);
  }

  #take(message: LiveEnvelope | null): void {
    switch (message?.type) {
      case 'server.registration.ack':
        if (this.#isRegistered) return;
        this.#isRegistered = true;
        if (this.#options.pin !== null) this.#send({ type: 'proctor.set-pin', payload: { pin: this.#options.pin } });
        return;
      case 'server.update-sentinels':
        this.#lists += 1;
        if (!this.#isListed) return;
        this.#listed(message.payload.sentinels);
        return;
      case 'server.update-unobserved':
        return this.#options.unobserved(message.payload.sentinels);
      case 'server.frame':
        return this.#options.frames(message.payload.frames);
    }
  }

  #listed(sentinels: readonly SentinelInfo[]): void {
    // A subscription ends with its sentinel; one that comes back is subscribed to again.
    const present = new Set(sentinels.map(({ sentinelId }) => sentinelId));
    for (const sentinelId of this.#subscribed) {
      if (present.has(sentinelId)) continue;
      this.#subscribed.delete(sentinelId);
      this.#send({ type: 'proctor.revoke-subscription', payload: { sentinelId } });
    }
    this.#options.sentinels(sentinels);
  }

  #register(): void {
    this.#send({ type: 'proctor.register', payload: { auth: staffToken(), unobserved: true } });
  }

  #send(message: SentMessage): void {
    this.#link.send({ ...message, timestamp: Math.floor(Date.now() / 1000) });
  }
}

type SentMessage =
  | { type: 'proctor.register'; payload: { auth: string | null; unobserved: true } }
  | { type: 'proctor.set-pin'; payload: { pin: string } }
  | { type: 'proctor.subscribe' | 'proctor.revoke-subscription'; payload: { sentinelId: string } };
