/** What goes over a bus: a JSON object. */
export type BusMessage = Readonly<Record<string, unknown>>;

export type BusHandler = (message: BusMessage, subject: string) => void;

export interface Subscription {
  /** Resolves when messages of every replica arrive. Stays pending while the bus is away; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

/**
 * Carries news between the replicas. It is not a store: what must survive is in the records first, then news of it is published.
 *
 * - **Subjects** are words joined by dots, made with `subject()`. In a pattern, `*` stands for one word, `>` at the end for one or more.
 * - **Order**: messages of one replica arrive everywhere in the order in which they were published. Between replicas there is none.
 * - **Loss**: at most once. Subscribers of the publishing replica always get the message; the others miss what is published while
 *   they, or the publisher, have lost the bus. When a connection is back, every replica tells its `onHealed` listeners, and they
 *   read their state again from the records.
 */
export interface Bus {
  /** Handlers of this replica are called soon, not within this call. */
  publish(subject: string, message: BusMessage): void;
  subscribe(pattern: string, handler: BusHandler): Subscription;
  /** Messages may have been missed: read again what depends on them. Returns the way to stop listening. */
  onHealed(listener: () => void): () => void;
  /** Rejects with `bus_unavailable` while this replica is cut off from the others. */
  check(): Promise<void>;
  close(): Promise<void>;
}
