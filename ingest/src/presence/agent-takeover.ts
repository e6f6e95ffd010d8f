import { randomUUID } from 'node:crypto';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { withDeadline } from '../time/with-deadline.ts';
import type { Agent } from './agent.ts';

export interface AgentTakeoverOptions {
  replicaId: string;
  bus: Bus;
  /** Releases the agent if it is connected here, because it has connected to another replica. */
  release: (agent: Agent) => Promise<void>;
}

/** How long another replica has to release an agent before its session is taken over. */
const releaseWithinMs = 2000;

/** Moves an agent from one replica to another: the new one asks, the old one releases the agent and confirms. */
export class AgentTakeover {
  readonly #options: AgentTakeoverOptions;
  readonly #confirmations = new Map<string, () => void>();
  readonly #subscriptions: readonly Subscription[];

  constructor(options: AgentTakeoverOptions) {
    const { bus, replicaId, release } = options;
    this.#options = options;
    this.#subscriptions = [
      bus.subscribe(topics.agentReplace, [replicaId], ({ id, from, classroomId, agentId }) => {
        void release({ classroomId, agentId }).then(() => bus.publish(topics.agentReplaced, [from], { id }));
      }),
      bus.subscribe(topics.agentReplaced, [replicaId], ({ id }) => this.#confirmations.get(id)?.()),
    ];
  }

  /** Resolves when the other replica has released the agent, or has not answered in time and counts as dead. */
  async requestFrom(ownerId: string, { classroomId, agentId }: Agent): Promise<void> {
    const { bus, replicaId } = this.#options;
    const id = randomUUID();
    const confirmed = new Promise<void>((resolve) => this.#confirmations.set(id, resolve));
    bus.publish(topics.agentReplace, [ownerId], { id, from: replicaId, classroomId, agentId });
    await withDeadline(confirmed, releaseWithinMs, () => undefined);
    this.#confirmations.delete(id);
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.close();
  }
}
