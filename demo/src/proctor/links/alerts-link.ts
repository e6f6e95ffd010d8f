import type { AlertsClientMessage, ServerAlertsMessage } from '@invigil/protocol/channels';
import { staffToken, userOfToken } from '../../sign-in/staff-token.ts';
import { SocketLink } from './socket-link.ts';
import type { LinkState } from './socket-link.ts';

export interface AlertsLinkOptions {
  message: (message: ServerAlertsMessage) => void;
  state: (state: LinkState) => void;
}

/** As documented for the alerts channel. */
const pingEveryMs = 30_000;
const silentAfterMs = 60_000;

/** The user id that a server without tokens assigns to everyone. */
const userWithoutToken = 'dev';

const pathOf = (token: string | null): string => {
  const user = token === null ? userWithoutToken : (userOfToken(token) ?? userWithoutToken);
  const query = token === null ? '' : `?token=${encodeURIComponent(token)}`;
  return `/ws/alerts/${encodeURIComponent(user)}${query}`;
};

/** The alerts of this teacher; each user has one connection for them, the newest. */
export class AlertsLink {
  readonly #link: SocketLink;
  #pings: ReturnType<typeof setInterval> | undefined;

  constructor({ message, state }: AlertsLinkOptions) {
    this.#link = new SocketLink({
      path: () => pathOf(staffToken()),
      // The documented client resets its reconnect delay as soon as it is connected.
      steadyMs: 0,
      silentAfterMs,
      ping: () => this.#ping(),
      state: (link) => {
        if (link.state !== 'open') this.#stopPings();
        state(link);
      },
      opened: () => this.#startPings(),
      message: (received) => {
        const known = received as ServerAlertsMessage | null;
        if (known === null) return;
        if (known.type === 'ping') return this.#send({ type: 'pong', timestamp: known.timestamp });
        if (known.type !== 'pong') message(known);
      },
    });
  }

  #startPings(): void {
    this.#stopPings();
    this.#ping();
    this.#pings = setInterval(() => this.#ping(), pingEveryMs);
  }

  #ping(): void {
    this.#send({ type: 'ping', timestamp: new Date().toISOString() });
  }

  #stopPings(): void {
    clearInterval(this.#pings);
  }

  open(): void {
    this.#link.open();
  }

  close(): void {
    this.#stopPings();
    this.#link.close();
  }

  acknowledge(acknowledgement: Omit<Extract<AlertsClientMessage, { type: 'ack' }>, 'type'>): void {
    this.#send({ type: 'ack', ...acknowledgement });
  }

  #send(message: AlertsClientMessage): void {
    this.#link.send(message);
  }
}
