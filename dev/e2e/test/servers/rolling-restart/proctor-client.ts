import { WebSocket } from 'ws';

interface Documented {
  type: string;
  stream_id?: string;
  result?: { alert_id: string };
  more?: { result: { alert_id: string } }[];
}

const firstDelayMs = 1000;
const delayFactor = 1.5;

/** A proctor as in the documentation of the alerts channel: answers pings, reconnects with a growing delay. */
export class ProctorClient {
  /** Alerts by id, with their sessions. */
  readonly alerts = new Map<string, string>();
  /** Duration of each disconnection. */
  readonly absencesMs: number[] = [];
  readonly #url: string;
  #socket: WebSocket | null = null;
  #delayMs = firstDelayMs;
  #goneSinceMs: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
    this.#connect();
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.on('open', () => {
      this.#delayMs = firstDelayMs;
      if (this.#goneSinceMs !== null) this.absencesMs.push(Date.now() - this.#goneSinceMs);
      this.#goneSinceMs = null;
    });
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Documented;
      if (message.type === 'ping') socket.send(JSON.stringify({ type: 'pong', timestamp: new Date().toISOString() }));
      if (message.type !== 'anomaly_detected' || message.result === undefined) return;
      const alerts = [message.result, ...(message.more ?? []).map(({ result }) => result)];
      for (const { alert_id: alertId } of alerts) {
        this.alerts.set(alertId, message.stream_id ?? '');
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#closed) return;
      this.#goneSinceMs ??= Date.now();
      this.#timer = setTimeout(() => this.#connect(), this.#delayMs);
      this.#delayMs *= delayFactor;
    });
  }
}
