import {
  Connection,
  MemoryOutboxStore,
  openHttpTransport,
  openSocketTransport,
  Outbox,
  sha256,
} from '@invigil/engine/testing/delivery';
import { installPageWebSocket } from '@invigil/testkit/network/page-web-socket';
import { createNodeTimers } from '@invigil/testkit/timers/node-timers';

installPageWebSocket();

const framePeriodMs = 200;
const batchIntervalMs = 1000;
const phoneMs = 3000;

/** A student with the engine's real outbox and connection, without a camera. */
export class StudentClient {
  readonly sessionId: string;
  readonly absencesMs: number[] = [];
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  #recording: NodeJS.Timeout | null;
  #goneSinceMs: number | null = null;
  #phoneAtMs = Infinity;

  private constructor(outbox: Outbox, serverUrl: string, sessionId: string, token: string) {
    this.sessionId = sessionId;
    this.#outbox = outbox;
    this.#connection = new Connection(
      { serverUrl, sessionId, token, batchIntervalMs },
      {
        outbox,
        timers: createNodeTimers(),
        transports: { socket: openSocketTransport, http: openHttpTransport },
        digest: sha256,
        onRelated: async () => undefined,
        random: Math.random,
        onState: ({ state }) => {
          if (state === 'waiting') this.#goneSinceMs ??= Date.now();
          if (state !== 'ready' || this.#goneSinceMs === null) return;
          this.absencesMs.push(Date.now() - this.#goneSinceMs);
          this.#goneSinceMs = null;
        },
        onRefused: () => undefined,
      },
    );
    let frameMs = Date.now();
    this.#recording = setInterval(() => {
      // This process simulates all students: when it is held up, their cameras are not.
      for (; frameMs <= Date.now(); frameMs += framePeriodMs) {
        const isPhone = frameMs >= this.#phoneAtMs && frameMs < this.#phoneAtMs + phoneMs;
        outbox.append({
          seq: outbox.nextSeq,
          timestamp: frameMs,
          face_present: 1,
          no_of_face: 1,
          phone_present: isPhone ? 1 : 0,
          phone_conf: isPhone ? 88 : 2,
        });
      }
    }, framePeriodMs);
    this.#connection.open();
  }

  static async sit(serverUrl: string, session: { session_id: string; token: string }): Promise<StudentClient> {
    const limits = { maxFrames: 10_000, maxBytes: 10_000_000, maxCachedBytes: 1_000_000 };
    const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
    return new StudentClient(outbox, serverUrl, session.session_id, session.token);
  }

  /** Shows a phone to the camera for three seconds. @param atMs when, in the future; milliseconds since the Unix epoch */
  showPhone(atMs: number): void {
    this.#phoneAtMs = atMs;
  }

  get connected(): boolean {
    return this.#connection.state.state === 'ready';
  }

  get recorded(): number {
    return this.#outbox.nextSeq;
  }

  get waiting(): number {
    return this.#outbox.waitingFrames;
  }

  get lost(): number {
    return this.#outbox.lostFrames;
  }

  stopRecording(): void {
    if (this.#recording !== null) clearInterval(this.#recording);
    this.#recording = null;
  }

  close(): void {
    this.stopRecording();
    this.#connection.close();
  }
}
