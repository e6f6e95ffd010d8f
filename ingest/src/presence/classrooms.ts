import type { ClassroomEvent } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import type { AgentSession } from '../records/agent-session-records.ts';
import type { Agent, AgentLink } from './agent.ts';
import { ArrivalOrder } from './arrival-order.ts';
import type { ArrivalLabel } from './arrival-order.ts';

/** An agent that is connected to this replica. */
export interface PresentAgent {
  session: AgentSession;
  /** Changed by `replaceLink`. */
  link: AgentLink;
  /** The agent was asked to move to another replica. */
  isTerminated: boolean;
}

interface Classroom {
  present: Map<string, PresentAgent>;
  /** The present agents that receive events. Most agents are students, who receive none. */
  listening: Map<string, PresentAgent>;
  /** Agents that are entering: while there are any, the classroom stays open even if it is empty. */
  entering: number;
  subscription: Subscription;
}

/**
 * The agents of this replica by classroom. Each open classroom subscribes to its events on the bus and forwards them to
 * the agents that listen.
 */
export class Classrooms {
  readonly #bus: Bus;
  readonly #onEmpty: () => void;
  readonly #classrooms = new Map<string, Classroom>();

  /** @param onEmpty called when the last agent has left. */
  constructor(bus: Bus, onEmpty: () => void) {
    this.#bus = bus;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    let size = 0;
    for (const { present } of this.#classrooms.values()) size += present.size;
    return size;
  }

  find({ classroomId, agentId }: Agent): PresentAgent | null {
    return this.#classrooms.get(classroomId)?.present.get(agentId) ?? null;
  }

  all(): readonly PresentAgent[] {
    return [...this.#classrooms.values()].flatMap(({ present }) => [...present.values()]);
  }

  /**
   * Keeps the classroom open while `admit` runs, then adds the agent that it resolves with. An empty classroom is
   * closed afterwards.
   * @param admit gets a promise that resolves once events of every replica arrive here.
   */
  async enter(agent: Agent, admit: (ready: Promise<void>) => Promise<PresentAgent>): Promise<PresentAgent> {
    const classroom = this.#classrooms.get(agent.classroomId) ?? this.#open(agent.classroomId);
    classroom.entering += 1;
    try {
      const admitted = await admit(classroom.subscription.ready);
      keep(classroom, agent.agentId, admitted);
      return admitted;
    } finally {
      classroom.entering -= 1;
      this.#closeIfEmpty(agent.classroomId);
    }
  }

  /** Gives an agent that is connected to this replica another link. */
  replaceLink({ classroomId, agentId }: Agent, link: AgentLink): void {
    const classroom = this.#classrooms.get(classroomId);
    const present = classroom?.present.get(agentId);
    if (classroom === undefined || present === undefined) return;
    present.link = link;
    keep(classroom, agentId, present);
  }

  remove({ classroomId, agentId }: Agent): void {
    const classroom = this.#classrooms.get(classroomId);
    classroom?.present.delete(agentId);
    classroom?.listening.delete(agentId);
    this.#closeIfEmpty(classroomId);
    if (this.size === 0) this.#onEmpty();
  }

  /** Announces to the classroom, on every replica, that an agent arrived or left. */
  announce({ classroomId, agentId }: Agent, label: ArrivalLabel, sequenceId: number): void {
    const event = {
      type: 'event',
      label,
      payload: agentId,
      sender_id: agentId,
      sequence_id: sequenceId,
    } satisfies ClassroomEvent;
    this.#bus.publish(topics.classroom, [classroomId, 'presence'], event);
  }

  #open(classroomId: string): Classroom {
    const listening = new Map<string, PresentAgent>();
    const order = new ArrivalOrder();
    const subscription = this.#bus.subscribe(topics.classroom, [classroomId, anyWord], (event) => {
      const { label, sender_id, receiver_id, sequence_id } = event;
      const isArrival = label === 'agent.enter' || label === 'agent.leave';
      if (isArrival && sender_id !== undefined && sequence_id !== undefined) {
        if (!order.isNews(label, sender_id, sequence_id)) return;
      }
      for (const [agentId, { link }] of listening) {
        if (agentId !== sender_id && (receiver_id === undefined || receiver_id === agentId)) link.onEvent?.(event);
      }
    });
    const classroom = { present: new Map<string, PresentAgent>(), listening, entering: 0, subscription };
    this.#classrooms.set(classroomId, classroom);
    return classroom;
  }

  #closeIfEmpty(classroomId: string): void {
    const classroom = this.#classrooms.get(classroomId);
    if (classroom === undefined || classroom.present.size > 0 || classroom.entering > 0) return;
    this.#classrooms.delete(classroomId);
    classroom.subscription.close();
  }
}

const keep = ({ present, listening }: Classroom, agentId: string, agent: PresentAgent): void => {
  present.set(agentId, agent);
  if (agent.link.onEvent === undefined) listening.delete(agentId);
  else listening.set(agentId, agent);
};
