import { agentIdOf } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import type { UsageBudget } from '../budget/usage-budget.ts';
import { CrowdGate } from '../records/crowd-gate.ts';
import type { Session } from '../model/session.ts';
import type { Agent, AgentLink } from './agent.ts';
import type { PresenceService } from './presence-service.ts';

const label = 'session';
/**
 * How soon a replaced connection checks whether its replacement has closed. A student whose requests alternate between replicas is an agent
 * on only one of them.
 */
const lookAgainMs = 15_000;

/** Registers the students of the session channel as agents in the classroom of their exam. */
export class SessionAgents {
  readonly #presence: PresenceService;
  readonly #budget: Pick<UsageBudget, 'spend'>;
  readonly #log: Logger;
  readonly #lookAgainMs: number;
  readonly #gate = new CrowdGate();

  /** @param lookAgain interval at which a replaced connection checks whether it can enter again, milliseconds. */
  constructor(presence: PresenceService, budget: Pick<UsageBudget, 'spend'>, log: Logger, lookAgain = lookAgainMs) {
    this.#presence = presence;
    this.#budget = budget;
    this.#log = log;
    this.#lookAgainMs = lookAgain;
  }

  /** @returns call it when the connection is closed. */
  opened({ examId, memberId }: Session): () => void {
    if (examId === null || memberId === null) return () => undefined;
    // A student who keeps reconnecting can continue the session, but is not listed.
    if (this.#budget.spend('presenceVisits', `${examId} ${memberId}`) !== null) return () => undefined;
    const agent = { classroomId: examId, agentId: agentIdOf(label, memberId) };
    const stay = new AgentStay(this.#presence, agent, this.#gate, (error) =>
      this.#log.warn({ event: 'presence.not_entered', error }),
    );
    const looking = setInterval(() => stay.look(), this.#lookAgainMs).unref();
    return () => {
      clearInterval(looking);
      stay.end();
    };
  }
}

/** One connection's place in the classroom. */
class AgentStay {
  readonly #presence: PresenceService;
  readonly #agent: Agent;
  readonly #gate: CrowdGate;
  readonly #onError: (error: unknown) => void;
  #isReplaced = false;
  #ended = false;
  /** Runs entering, checking and leaving one at a time. */
  #turn: Promise<void>;
  #leave: (() => Promise<void>) | null = null;

  constructor(presence: PresenceService, agent: Agent, gate: CrowdGate, onError: (error: unknown) => void) {
    this.#presence = presence;
    this.#agent = agent;
    this.#gate = gate;
    this.#onError = onError;
    this.#turn = this.#enter();
  }

  /** Enters again if another connection took its place and has closed since, or if the records were unavailable. */
  look(): void {
    if (this.#leave !== null && !this.#isReplaced) return;
    this.#turn = this.#turn.then(() => this.#return());
  }

  end(): void {
    this.#ended = true;
    this.#turn = this.#turn.then(() => this.#leave?.()).catch(this.#onError);
  }

  async #return(): Promise<void> {
    try {
      if (!this.#ended && !(await this.#presence.isIn(this.#agent))) await this.#enter();
    } catch (error) {
      this.#onError(error);
    }
  }

  async #enter(): Promise<void> {
    this.#isReplaced = false;
    // No `onEvent`: the session channel has its own messages for these events.
    const link: AgentLink = { onReplaced: () => (this.#isReplaced = true), onTerminated: () => undefined };
    try {
      this.#leave = await this.#presence.enter(this.#agent, link, this.#gate);
    } catch (error) {
      this.#onError(error);
    }
  }
}
