import { randomUUID } from 'node:crypto';

/**
 * A connection's place in the order of arrival (a Lamport timestamp). No two are equal, even across replicas, so two connections never both
 * close in favour of the other.
 */
export interface Arrival {
  atMs: number;
  id: string;
}

export const isBefore = (one: Arrival, other: Arrival): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id);

/** Orders the connections of one replica by arrival. */
export class ConnectionOrder {
  readonly #now: () => number;
  #lastMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** An arrival on another replica, whose clock may be ahead: every later one here comes after it. */
  seen({ atMs }: Pick<Arrival, 'atMs'>): void {
    this.#lastMs = Math.max(this.#lastMs, atMs);
  }

  next(): Arrival {
    this.#lastMs = Math.max(this.#now(), this.#lastMs + 1);
    return { atMs: this.#lastMs, id: randomUUID() };
  }
}
