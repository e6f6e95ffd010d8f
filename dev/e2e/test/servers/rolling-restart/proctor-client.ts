import { ReconnectingSocket } from './reconnecting-socket.ts';
import type { SocketMessage } from './reconnecting-socket.ts';

interface Alert extends SocketMessage {
  stream_id: string;
  result: { alert_id: string };
  more?: { result: { alert_id: string } }[];
}

/** A proctor as in the documentation of the alerts channel: answers pings. */
export class ProctorClient {
  /** Alerts by id, with their sessions. */
  readonly alerts = new Map<string, string>();
  readonly #socket: ReconnectingSocket;

  constructor(url: string) {
    this.#socket = new ReconnectingSocket(url, (message) => {
      if (message.type === 'ping') this.#socket.send({ type: 'pong', timestamp: new Date().toISOString() });
      if (message.type !== 'anomaly_detected') return;
      const { stream_id: sessionId, result, more = [] } = message as Alert;
      for (const { alert_id: alertId } of [result, ...more.map((each) => each.result)]) {
        this.alerts.set(alertId, sessionId);
      }
    });
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  get absencesMs(): readonly number[] {
    return this.#socket.absencesMs;
  }

  close(): void {
    this.#socket.close();
  }
}
