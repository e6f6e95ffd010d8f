import { recordSilenceMs } from './liveness.ts';

interface Heartbeat {
  replicaId: string;
  /** Written by that replica, by its own clock. Only ever compared with itself. */
  seenAt: string;
}

/**
 * Detects replicas whose heartbeat no longer changes. Measures the silence with this process's own steady clock, so neither a wrong wall
 * clock here nor one there makes a live replica look dead.
 */
export class ReplicaSilence {
  readonly #now: () => number;
  #seen = new Map<string, { seenAt: string; sinceMs: number }>();

  /** @param now steady clock, milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns the replicas whose heartbeat has been the same for `recordSilenceMs` */
  step(heartbeats: readonly Heartbeat[]): Heartbeat[] {
    const nowMs = this.#now();
    const before = this.#seen;
    this.#seen = new Map(
      heartbeats.map(({ replicaId, seenAt }) => {
        const known = before.get(replicaId);
        return [replicaId, known?.seenAt === seenAt ? known : { seenAt, sinceMs: nowMs }];
      }),
    );
    return heartbeats.filter(({ replicaId }) => nowMs - this.#seen.get(replicaId)!.sinceMs > recordSilenceMs);
  }
}
