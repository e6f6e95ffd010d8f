import { randomUUID } from 'node:crypto';

/** When a connection came. Two are never equal, whatever their replicas, so that they cannot both give way to each other. */
export interface Turn {
  atMs: number;
  id: string;
}

export const isBefore = (one: Turn, other: Turn): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.id < other.id);

/** Gives the connections of one replica their turns, in their order. */
export class ConnectionOrder {
  readonly #now: () => number;
  #lastMs = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  next(): Turn {
    this.#lastMs = Math.max(this.#now(), this.#lastMs + 1);
    return { atMs: this.#lastMs, id: randomUUID() };
  }
}
