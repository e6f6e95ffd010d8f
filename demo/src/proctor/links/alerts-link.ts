import type { AlertsClientMessage, ServerAlertsMessage } from '@invigil/protocol/channels';
import { staffToken, userOfToken } from '../../sign-in/staff-token.ts';
import { SocketLink } from './socket-link.ts';
import type { LinkState } from './socket-link.ts';

export interface AlertsLinkOptions {
  message: (message: ServerAlertsMessage) => void;
  state: (state: LinkState) => void;
}

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

  constructor({ message, state }: AlertsLinkOptions) {
    this.#link = new SocketLink({
      path: () => pathOf(staffToken()),
      state,
      opened: () => undefined,
      message: (received) => {
        const known = received as ServerAlertsMessage | null;
        if (known === null) return;
        if (known.type === 'ping') return this.#send({ type: 'pong', timestamp: known.timestamp });
        message(known);
      },
    });
  }

  open(): void {
    this.#link.open();
  }

  close(): void {
    this.#link.close();
  }

  acknowledge(sessionId: string, alertId: string): void {
    this.#send({ type: 'ack', stream_id: sessionId, alert_id: alertId });
  }

  #send(message: AlertsClientMessage): void {
    this.#link.send(message);
  }
}
