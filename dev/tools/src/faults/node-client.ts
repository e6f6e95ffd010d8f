import {
  Connection,
  MemoryOutboxStore,
  openHttpTransport,
  openSocketTransport,
  Outbox,
  sha256,
} from '@invigil/engine/testing/delivery';
import type { OpenTransport, Timers } from '@invigil/engine/testing/delivery';
import { installPageWebSocket } from '@invigil/testkit/network/page-web-socket';
import { createNodeTimers } from '@invigil/testkit/timers/node-timers';
import type { ProducedFrame } from './outcome.ts';

installPageWebSocket();

/** The real outbox and connection under Node, for scenarios that need many clients or a manipulated connection. */
export class NodeClient {
  readonly produced: ProducedFrame[] = [];
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #timers: Timers;

  private constructor(outbox: Outbox, connection: Connection, timers: Timers) {
    this.#outbox = outbox;
    this.#connection = connection;
    this.#timers = timers;
  }

  static async open(
    serverUrl: string,
    sessionId: string,
    socket: OpenTransport = openSocketTransport,
  ): Promise<NodeClient> {
    const timers = createNodeTimers();
    const limits = { maxFrames: 10_000, maxBytes: 10_000_000, maxCachedBytes: 60_000 };
    const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
    const connection = new Connection(
      { serverUrl, sessionId, token: undefined, batchIntervalMs: 500 },
      {
        outbox,
        timers,
        transports: { socket, http: openHttpTransport },
        digest: sha256,
        onRelated: async () => undefined,
        random: Math.random,
        onState: () => undefined,
        onRefused: (detail) => {
          throw new Error(`the server refused a message: ${detail}`);
        },
      },
    );
    connection.open();
    return new NodeClient(outbox, connection, timers);
  }

  get isReady(): boolean {
    return this.#connection.state.state === 'ready';
  }

  get nextSeq(): number {
    return this.#outbox.nextSeq;
  }

  /** The number up to which every frame is acknowledged; null if none is. */
  get acknowledgedSeq(): number | null {
    return this.#outbox.ackedSeq;
  }

  /** Frames that wait for the server, or were given up. */
  get framesNotAcknowledged(): number {
    return this.#outbox.waitingFrames + this.#outbox.lostFrames;
  }

  record(): void {
    const lastMs = this.produced.at(-1)?.timestamp ?? 0;
    const { nextSeq: seq } = this.#outbox;
    const timestamp = Math.max(lastMs + 1, Date.now());
    this.#outbox.append({ seq, timestamp, face_present: 1, no_of_face: 1 });
    this.produced.push({ seq, timestamp });
  }

  async finish(limitMs = 60_000): Promise<ProducedFrame[]> {
    await this.#connection.drain(Date.now() + limitMs);
    this.#timers.close();
    return this.produced;
  }
}
