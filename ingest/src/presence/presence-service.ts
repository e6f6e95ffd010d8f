import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import type { CrowdGate } from '../records/crowd-gate.ts';
import type { AgentSession, AgentSessionRecords } from '../records/agent-session-records.ts';
import { ArrivalPacer } from '../rate-limit/arrival-pacer.ts';
import type { ReplicaHeartbeat, ReplicaRows } from '../replicas/replica-heartbeat.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { AgentTakeover } from './agent-takeover.ts';
import type { Agent, AgentLink } from './agent.ts';
import type { ArrivalLabel } from './arrival-order.ts';
import { Classrooms } from './classrooms.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { isoTime } from '../time/iso-time.ts';

export interface PresenceServiceOptions {
  heartbeat: ReplicaHeartbeat;
  bus: Bus;
  records: AgentSessionRecords;
  log: Logger;
  now: () => number;
}

/** How long entering waits for the bus, which may be unavailable. */
const subscribeWithinMs = 2000;
const orphansAtATime = 200;

/**
 * Which agents are in which classroom, over all replicas. An agent is in a classroom once: a newer connection on any
 * replica replaces an older one. The agents of a replica that stops its heartbeat are removed.
 */
export class PresenceService implements ReplicaRows {
  readonly #options: PresenceServiceOptions;
  readonly #classrooms: Classrooms;
  readonly #takeover: AgentTakeover;
  /** Runs each agent's entering and leaving one at a time. */
  readonly #queue = new KeyedQueue();
  readonly #pacer: ArrivalPacer;
  #onEmpty: () => void = () => undefined;
  /** Sessions whose end could not be written yet. */
  #unwritten: { session: AgentSession; endedAt: string }[] = [];

  constructor(options: PresenceServiceOptions) {
    const { bus, heartbeat, log, now } = options;
    this.#options = options;
    this.#pacer = new ArrivalPacer({ now, onError: (error) => log.warn({ event: 'presence.not_announced', error }) });
    this.#classrooms = new Classrooms(bus, () => this.#onEmpty());
    const release = (agent: Agent): Promise<void> => this.#inTurn(agent, () => this.#release(agent));
    this.#takeover = new AgentTakeover({ replicaId: heartbeat.replicaId, bus, release });
    heartbeat.add(this, 'presence.sweep_failed');
  }

  /** Agents that are connected to this replica. */
  get size(): number {
    return this.#classrooms.size;
  }

  /**
   * Resolves when the agent is in its classroom. Rejects if the records are unavailable. @returns a function to call when the link is
   * closed.
   * @param gate what to wait for first
   */
  async enter(agent: Agent, link: AgentLink, gate?: CrowdGate): Promise<() => Promise<void>> {
    await this.#inTurn(agent, async () => {
      await gate?.pass();
      await this.#enter(agent, link);
    });
    return () => this.#inTurn(agent, () => this.#leave(agent, link));
  }

  /** Whether the agent is in its classroom, on any replica. */
  async isIn({ classroomId, agentId }: Agent): Promise<boolean> {
    return (await this.#options.records.find(classroomId, agentId)) !== null;
  }

  /** Asks every agent to move to another replica. Resolves when all have left or the time is up. */
  async drain(withinMs: number): Promise<void> {
    for (const agent of this.#classrooms.all()) {
      agent.isTerminated = true;
      agent.link.onTerminated();
    }
    if (this.size === 0) return;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    await withDeadline(empty, withinMs, () => undefined);
  }

  /** Resolves when every agent has left, in the records too, and every departure is announced. */
  async close(): Promise<void> {
    await this.#queue.settled();
    await Promise.all(
      this.#classrooms.all().map(({ session, link }) => this.#inTurn(session, () => this.#leave(session, link))),
    );
    await this.#pacer.flush();
    this.#takeover.close();
  }

  async restore(): Promise<void> {
    await Promise.all(this.#classrooms.all().map(({ session }) => this.#inTurn(session, () => this.#restore(session))));
  }

  async retry(): Promise<void> {
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      await this.#end(next.session, next.endedAt);
      this.#unwritten = this.#unwritten.filter((written) => written !== next);
    }
  }

  async removeOrphans(): Promise<void> {
    const orphans = await this.#options.records.orphans(orphansAtATime);
    await Promise.all(orphans.map((orphan) => this.#end(orphan, this.#nowIso())));
  }

  async #enter(agent: Agent, link: AgentLink): Promise<void> {
    const before = this.#classrooms.find(agent);
    if (before !== null && !before.isTerminated) {
      const replaced = before.link;
      this.#classrooms.replaceLink(agent, link);
      replaced.onReplaced();
      return;
    }
    const { session } = await this.#classrooms.enter(agent, async (ready) => {
      const created = await this.#createSession(agent);
      await withDeadline(ready, subscribeWithinMs, () => undefined);
      return { session: created, link, isTerminated: false };
    });
    this.#announce(session, 'agent.enter');
  }

  async #createSession(agent: Agent): Promise<AgentSession> {
    const { records, heartbeat } = this.#options;
    const { replicaId } = heartbeat;
    await heartbeat.register();
    for (;;) {
      const session = await records.enter({ ...agent, replicaId, startedAt: this.#nowIso() });
      if (session.isNew) return session;
      if (session.replicaId !== replicaId) await this.#takeover.requestFrom(session.replicaId, agent);
      // Usually the other replica has ended the session by now. A dead replica cannot, so this one ends it.
      await records.leave(session, this.#nowIso());
    }
  }

  /** Another replica takes the agent over. */
  async #release(agent: Agent): Promise<void> {
    const present = this.#classrooms.find(agent);
    if (present === null) return;
    // An agent that was asked to move closes its old link itself.
    if (!present.isTerminated) present.link.onReplaced();
    this.#classrooms.remove(agent);
    const endedAt = this.#nowIso();
    const { session } = present;
    try {
      // Not announced: the agent has only moved.
      await this.#options.records.leave(session, endedAt);
    } catch (error) {
      this.#retryLater(session, endedAt, error);
    }
  }

  #retryLater(session: AgentSession, endedAt: string, error: unknown): void {
    this.#options.log.warn({ event: 'presence.end_not_written', error });
    this.#unwritten.push({ session, endedAt });
  }

  /**
   * Ends a session and announces the departure. Only one replica's call ends it in the records, so the departure is announced once,
   * and not at all if another replica has taken the agent over.
   */
  async #end(session: AgentSession, endedAt: string): Promise<void> {
    if (await this.#options.records.leave(session, endedAt)) this.#announce(session, 'agent.leave');
  }

  async #leave(agent: Agent, link: AgentLink): Promise<void> {
    const present = this.#classrooms.find(agent);
    // A newer link took its place: the agent has not left.
    if (present === null || present.link !== link) return;
    this.#classrooms.remove(agent);
    const endedAt = this.#nowIso();
    const { session } = present;
    try {
      await this.#end(session, endedAt);
    } catch (error) {
      this.#retryLater(session, endedAt, error);
    }
  }

  async #restore(agent: Agent): Promise<void> {
    const { records, heartbeat } = this.#options;
    const { replicaId } = heartbeat;
    const present = this.#classrooms.find(agent);
    if (present === null) return;
    const { classroomId, agentId } = agent;
    const session = await records.enter({ classroomId, agentId, replicaId, startedAt: this.#nowIso() });
    if (session.replicaId !== replicaId) {
      // The agent has since connected to another replica, and that connection is newer.
      if (!present.isTerminated) present.link.onReplaced();
      return this.#classrooms.remove(agent);
    }
    present.session = session;
    if (session.isNew) this.#announce(session, 'agent.enter');
  }

  #announce(session: AgentSession, label: ArrivalLabel): void {
    this.#pacer.changed(
      keyOf(session),
      () => this.#classrooms.announce(session, label, session.sequenceId),
      async () => {
        const current = await this.#options.records.find(session.classroomId, session.agentId);
        const { sequenceId } = current ?? session;
        this.#classrooms.announce(session, current === null ? 'agent.leave' : 'agent.enter', sequenceId);
      },
    );
  }

  #inTurn<Result>(agent: Agent, work: () => Promise<Result>): Promise<Result> {
    return this.#queue.run(keyOf(agent), work);
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}

const keyOf = ({ classroomId, agentId }: Agent): string => `${classroomId}/${agentId}`;
