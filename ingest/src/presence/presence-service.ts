import type * as v from 'valibot';
import { randomUUID } from 'node:crypto';
import type { ClassroomEvent } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import type { Bus, Subscription } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import type { AgentSession, AgentSessionRecords } from '../records/agent-session-records.ts';

export interface PresenceDeskOptions {
  replicaId: string;
  bus: Bus;
  records: AgentSessionRecords;
  log: Logger;
  now: () => number;
}

/** Where an agent is reached. */
export interface AgentLink {
  /** The same agent came in again; this link is over. */
  replaced(): void;
  /** This replica stops; the agent should connect elsewhere. */
  terminated(): void;
  event(event: ClassroomEvent): void;
}

export interface Agent {
  agentId: string;
  classroomId: string;
}

type ReplaceRequest = v.InferOutput<(typeof topics)['agentReplace']['schema']>;

interface Present {
  session: AgentSession;
  link: AgentLink;
  terminated: boolean;
}

interface Classroom {
  present: Map<string, Present>;
  /** Agents on their way in: while there are any, the room stays open though nobody is in it. */
  entering: number;
  subscription: Subscription;
}

const beatEveryMs = 5000;
/** A replica that is silent for so long is taken to be gone. */
const replicaSilenceMs = 30_000;
/** How long another replica has to let an agent go before its session is taken. */
const replaceWithinMs = 2000;
/** The bus may be away; entering does not wait for it longer than this. */
const subscribeWithinMs = 2000;
const orphansAtATime = 200;

/** Lets agents into classrooms and out again, each once, on whichever replica they are, and tells the others of it. */
export class PresenceService {
  readonly #options: PresenceDeskOptions;
  readonly #classrooms = new Map<string, Classroom>();
  /** Entering and leaving of one agent, one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #answers = new Map<string, () => void>();
  readonly #subscriptions: Subscription[];
  readonly #beat: NodeJS.Timeout;
  #emptied: (() => void) | null = null;
  /** Sessions whose end could not be written yet. */
  #unwritten: { session: AgentSession; endedAt: string }[] = [];

  constructor(options: PresenceDeskOptions) {
    const { bus, replicaId } = options;
    this.#options = options;
    this.#subscriptions = [
      bus.subscribe(topics.agentReplace, [replicaId], (request) => this.#onReplaceRequest(request)),
      bus.subscribe(topics.agentReplaced, [replicaId], ({ id }) => this.#answers.get(id)?.()),
    ];
    this.#beat = setInterval(() => this.#tick(), beatEveryMs).unref();
    this.#tick();
  }

  get size(): number {
    let size = 0;
    for (const { present } of this.#classrooms.values()) size += present.size;
    return size;
  }

  /** Resolves when the agent is in. @returns what to call when the link is gone. Rejects when the records are away. */
  async enter(agent: Agent, link: AgentLink): Promise<() => Promise<void>> {
    await this.#inTurn(agent, () => this.#enter(agent, link));
    return () => this.#inTurn(agent, () => this.#leave(agent, link));
  }

  /** Whether the agent is in its classroom, on whichever replica. */
  isIn({ classroomId, agentId }: Agent): Promise<boolean> {
    return this.#options.records.isIn(classroomId, agentId);
  }

  /** Tells every agent to move, and resolves when all have or the time is up. */
  async drain(withinMs: number): Promise<void> {
    for (const { present } of this.#classrooms.values()) {
      for (const agent of present.values()) {
        agent.terminated = true;
        agent.link.terminated();
      }
    }
    if (this.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#emptied = resolve;
      timer = setTimeout(resolve, withinMs);
    });
    clearTimeout(timer);
  }

  /** Resolves when everybody is out, in the records too. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    await Promise.allSettled(this.#turns.values());
    for (const [classroomId, { present }] of this.#classrooms) {
      for (const { session, link } of present.values()) {
        const agent = { classroomId, agentId: session.agentId };
        await this.#inTurn(agent, () => this.#leave(agent, link));
      }
    }
    for (const subscription of this.#subscriptions) subscription.close();
    await this.#options.records.forgetReplica(this.#options.replicaId).catch((error: unknown) => {
      // The others find out by its silence.
      this.#options.log.warn({ event: 'presence.farewell_failed', error });
    });
  }

  async #enter(agent: Agent, link: AgentLink): Promise<void> {
    const classroom = this.#classroomOf(agent.classroomId);
    const before = classroom.present.get(agent.agentId);
    if (before !== undefined && !before.terminated) {
      classroom.present.set(agent.agentId, { ...before, link });
      before.link.replaced();
      return;
    }
    classroom.entering += 1;
    try {
      const session = await this.#createSession(agent);
      await Promise.race([classroom.subscription.ready, delay(subscribeWithinMs)]);
      classroom.present.set(agent.agentId, { session, link, terminated: false });
      this.#publish(agent, 'agent.enter');
    } finally {
      classroom.entering -= 1;
      this.#closeIfEmpty(agent.classroomId);
    }
  }

  async #createSession(agent: Agent): Promise<AgentSession> {
    const { records, replicaId } = this.#options;
    for (;;) {
      const session = await records.enter({ ...agent, replicaId, startedAt: this.#nowIso() });
      if (session.isNew) return session;
      if (session.replicaId !== replicaId) await this.#replaceElsewhere(session);
      // The other replica has moved it by now; a replica that is gone cannot, so it is done here.
      await records.leave(session, this.#nowIso());
    }
  }

  /** Asks the replica that has the agent to let it go. Resolves when it has, or is taken to be gone. */
  async #replaceElsewhere({ replicaId, classroomId, agentId }: AgentSession): Promise<void> {
    const id = randomUUID();
    const answered = new Promise<void>((resolve) => this.#answers.set(id, resolve));
    this.#options.bus.publish(topics.agentReplace, [replicaId], {
      id,
      from: this.#options.replicaId,
      classroomId,
      agentId,
    });
    await Promise.race([answered, delay(replaceWithinMs)]);
    this.#answers.delete(id);
  }

  #onReplaceRequest({ id, from, classroomId, agentId }: ReplaceRequest): void {
    const agent = { classroomId, agentId };
    void this.#inTurn(agent, async () => {
      const present = this.#classrooms.get(agent.classroomId)?.present.get(agent.agentId);
      if (present !== undefined) {
        // One that was told to move is moving; it closes its old link itself.
        if (!present.terminated) present.link.replaced();
        this.#remove(agent);
        await this.#writeEnd(present.session);
      }
      this.#options.bus.publish(topics.agentReplaced, [from], { id });
    });
  }

  async #leave(agent: Agent, link: AgentLink): Promise<void> {
    const present = this.#classrooms.get(agent.classroomId)?.present.get(agent.agentId);
    // A newer link took its place: the agent is still in.
    if (present === undefined || present.link !== link) return;
    this.#publish(agent, 'agent.leave');
    this.#remove(agent);
    await this.#writeEnd(present.session);
  }

  async #writeEnd(session: AgentSession): Promise<void> {
    const endedAt = this.#nowIso();
    try {
      await this.#options.records.leave(session, endedAt);
    } catch (error) {
      this.#options.log.warn({ event: 'presence.end_not_written', error });
      this.#unwritten.push({ session, endedAt });
    }
  }

  #classroomOf(classroomId: string): Classroom {
    const known = this.#classrooms.get(classroomId);
    if (known !== undefined) return known;
    const present = new Map<string, Present>();
    // One word after the classroom: presence news, and whatever else is told to those in it.
    const subscription = this.#options.bus.subscribe(topics.classroom, [classroomId, anyWord], (event) => {
      const { sender_id, receiver_id } = event;
      for (const [agentId, { link }] of present) {
        if (agentId !== sender_id && (receiver_id === undefined || receiver_id === agentId)) link.event(event);
      }
    });
    const classroom = { present, entering: 0, subscription };
    this.#classrooms.set(classroomId, classroom);
    return classroom;
  }

  #remove({ classroomId, agentId }: Agent): void {
    this.#classrooms.get(classroomId)?.present.delete(agentId);
    this.#closeIfEmpty(classroomId);
    if (this.size === 0) this.#emptied?.();
  }

  #closeIfEmpty(classroomId: string): void {
    const classroom = this.#classrooms.get(classroomId);
    if (classroom === undefined || classroom.present.size > 0 || classroom.entering > 0) return;
    this.#classrooms.delete(classroomId);
    classroom.subscription.close();
  }

  #publish({ classroomId, agentId }: Agent, label: 'agent.enter' | 'agent.leave'): void {
    const event = { type: 'event', label, payload: agentId, sender_id: agentId } satisfies ClassroomEvent;
    this.#options.bus.publish(topics.classroom, [classroomId, 'presence'], event);
  }

  async #inTurn<Result>({ classroomId, agentId }: Agent, work: () => Promise<Result>): Promise<Result> {
    const key = `${classroomId}/${agentId}`;
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work, work);
    this.#turns.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }

  #tick(): void {
    this.#sweep().catch((error: unknown) => this.#options.log.warn({ event: 'presence.sweep_failed', error }));
  }

  /** Says that this replica is alive, writes what could not be written, and lets the agents of dead replicas out. */
  async #sweep(): Promise<void> {
    const { records, replicaId, now } = this.#options;
    if (!(await records.beat(replicaId, this.#nowIso()))) await this.#comeBack();
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      await records.leave(next.session, next.endedAt);
      this.#unwritten = this.#unwritten.filter((written) => written !== next);
    }
    const silentSince = new Date(now() - replicaSilenceMs).toISOString();
    for (const orphan of await records.orphans(silentSince, orphansAtATime)) {
      if (await records.leave(orphan, this.#nowIso())) this.#publish(orphan, 'agent.leave');
    }
  }

  /** The others took this replica for dead, and let its agents out. */
  async #comeBack(): Promise<void> {
    for (const [classroomId, { present }] of this.#classrooms) {
      for (const agentId of present.keys())
        await this.#inTurn({ classroomId, agentId }, () => this.#restore({ classroomId, agentId }));
    }
  }

  async #restore(agent: Agent): Promise<void> {
    const { records, replicaId } = this.#options;
    const present = this.#classrooms.get(agent.classroomId)?.present.get(agent.agentId);
    if (present === undefined) return;
    const session = await records.enter({ ...agent, replicaId, startedAt: this.#nowIso() });
    if (session.replicaId !== replicaId) {
      // It came in on another replica since, and that is the newer one.
      if (!present.terminated) present.link.replaced();
      return this.#remove(agent);
    }
    present.session = session;
    if (session.isNew) this.#publish(agent, 'agent.enter');
  }

  #nowIso(): string {
    return new Date(this.#options.now()).toISOString();
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
