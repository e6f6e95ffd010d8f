import { LRUCache } from 'lru-cache';

export type ArrivalLabel = 'agent.enter' | 'agent.leave';

interface Known {
  isIn: boolean;
  sequenceId: number;
}

/** More agents than one classroom has. */
const maxKept = 20_000;

/**
 * Which arrivals and departures of a classroom are news. Two replicas that announce an agent's move are not ordered by the bus, and a
 * held announcement may repeat an earlier one, so an event counts only if it is not older than the last one by the number of the
 * agent's session, which the records assign, and if it changes whether the agent is in the classroom.
 */
export class ArrivalOrder {
  readonly #known = new LRUCache<string, Known>({ max: maxKept });

  /** @param sequenceId of the session that began or ended */
  isNews(label: ArrivalLabel, agentId: string, sequenceId: number): boolean {
    const known = this.#known.get(agentId);
    if (known !== undefined && sequenceId < known.sequenceId) return false;
    const isIn = label === 'agent.enter';
    this.#known.set(agentId, { isIn, sequenceId });
    return known?.isIn !== isIn;
  }
}
