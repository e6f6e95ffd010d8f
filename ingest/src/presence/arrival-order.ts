export type ArrivalLabel = 'agent.enter' | 'agent.leave';

interface Known {
  isIn: boolean;
  sequenceId: number;
}

/** More agents than one classroom has. Beyond it, the agent of the oldest event is forgotten. */
const maxKept = 20_000;

/**
 * Which arrivals and departures of a classroom are news. Two replicas that announce an agent's move are not ordered by the bus, and a
 * held announcement may repeat an earlier one, so an event counts only if it is not older than the last one by the number of the
 * agent's session, which the records assign, and if it changes whether the agent is in the classroom.
 */
export class ArrivalOrder {
  /** In the order of their last event. Not an LRU cache, which reserves memory for all of its entries, in every classroom. */
  readonly #known = new Map<string, Known>();

  /** @param sequenceId of the session that began or ended */
  isNews(label: ArrivalLabel, agentId: string, sequenceId: number): boolean {
    const known = this.#known.get(agentId);
    if (known !== undefined && sequenceId < known.sequenceId) return false;
    const isIn = label === 'agent.enter';
    this.#known.delete(agentId);
    this.#known.set(agentId, { isIn, sequenceId });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKept && oldest !== undefined) this.#known.delete(oldest);
    return known?.isIn !== isIn;
  }
}
