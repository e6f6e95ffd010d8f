import { tooFewReplicas } from '../model/ingest-error.ts';

/** Shorter than the deadline of commands, because the connection's other commands wait as well. */
const waitMs = 500;

/** The connection to one server. */
export interface WaitingNode {
  /** Changes with every new connection. */
  readonly socketEpoch: number;
  /** How many replicas have all writes of this connection; resolves when they are `replicas`, or after `timeoutMs`. */
  wait(replicas: number, timeoutMs: number): Promise<number>;
}

export interface ReplicatedWritesOptions<Node extends WaitingNode> {
  /** Replicas that must have a write before it counts. */
  replicas: number;
  /** The server that has the key. */
  nodeOf: (key: string) => Promise<Node>;
  /** Learns which server has the key, after another one did not. */
  locate: (key: string) => Promise<unknown>;
}

/**
 * Writes that replicas have when they resolve. `WAIT` counts the writes of its own connection, so each write and its `WAIT` go to the same server
 * over one connection; a write whose connection was replaced in between fails.
 */
export class ReplicatedWrites<Node extends WaitingNode> {
  readonly #options: ReplicatedWritesOptions<Node>;
  readonly #sent = new WeakMap<Node, Promise<unknown>>();
  readonly #next = new WeakMap<Node, Promise<number>>();

  constructor(options: ReplicatedWritesOptions<Node>) {
    this.#options = options;
  }

  /** @throws IngestError `frame_store_unavailable` if too few replicas have the write; they may still receive it */
  async write<Reply>(
    key: string,
    run: (node: Node) => Promise<Reply>,
    hasWritten: (reply: Reply) => boolean,
  ): Promise<Reply> {
    const { replicas, nodeOf, locate } = this.#options;
    const node = await nodeOf(key);
    const { socketEpoch } = node;
    let reply: Reply;
    try {
      reply = await run(node);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('MOVED')) await locate(key);
      throw error;
    }
    if (!hasWritten(reply)) return reply;
    const reached = await this.#wait(node);
    if (reached >= replicas && node.socketEpoch === socketEpoch) return reply;
    throw tooFewReplicas(reached, replicas);
  }

  /** A server executes one `WAIT` of a connection at a time; writes that end meanwhile share the next one. */
  #wait(node: Node): Promise<number> {
    const shared = this.#next.get(node);
    if (shared !== undefined) return shared;
    const next = (this.#sent.get(node) ?? Promise.resolve()).then(() => {
      this.#next.delete(node);
      const reached = node.wait(this.#options.replicas, waitMs);
      this.#sent.set(
        node,
        reached.catch(() => undefined),
      );
      return reached;
    });
    this.#next.set(node, next);
    return next;
  }
}
