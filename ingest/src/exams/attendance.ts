import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { AttendanceChange, Place } from '../model/attendance-reducer.ts';
import { AttendanceWriteQueue } from './attendance-write-queue.ts';
import type { ExamEvents } from './exam-events.ts';

export interface AttendanceOptions {
  records: AttendanceRecords;
  news: ExamEvents;
  log: Logger;
  now: () => number;
}

export interface Visitor {
  examId: string;
  userId: string;
  isStudent: boolean;
  /** Where only one connection may be; null: as many as there are. */
  slot: string | null;
}

/** One connection's stay in an exam. */
export interface Stay {
  connectionId: string;
  /** Tells the exam that the student has come, if the student was away before. */
  announce(): void;
  /** Never rejects: what the records do not take now they are told again later. */
  leave(): Promise<void>;
}

/** A place, and the exam that it is in. */
interface Presence {
  examId: string;
  place: Place;
}

const beatEveryMs = 10_000;
/** A replica that was silent for longer is taken for dead. Clocks of replicas must agree better than this. */
const deadAfterMs = 35_000;

/**
 * Who is in which exam, over all replicas. A student who is connected twice (exam channel and session channel, two tabs) comes with
 * the first connection and goes with the last. What a replica leaves behind when it dies, the others clear away.
 */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #desk: AttendanceWriteQueue;
  readonly #replicaId = randomUUID();
  readonly #here = new Map<string, Presence>();
  readonly #leaving = new Set<Presence>();
  #ready: Promise<unknown> | null = null;
  #beating: NodeJS.Timeout | undefined;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#desk = new AttendanceWriteQueue(options.records);
  }

  async enter({ examId, userId, isStudent, slot }: Visitor): Promise<Stay> {
    const { news, now } = this.#options;
    await this.#start();
    const connectionId = randomUUID();
    const connectedAt = new Date(now()).toISOString();
    const place: Place = {
      slot: slot ?? `connection:${connectionId}`,
      connectionId,
      userId,
      isStudent,
      replicaId: this.#replicaId,
      connectedAt,
    };
    const presence = { examId, place };
    const { changed, connectedCount } = await this.#take(presence);
    this.#here.set(connectionId, presence);
    if (slot !== null) news.replaced(examId, slot);
    return {
      connectionId,
      announce: () => {
        if (isStudent && changed) this.#tell('participant_joined', presence, connectedCount);
      },
      leave: () => this.#leave(presence),
    };
  }

  /** Whether the connection still has its slot. */
  async holds(slot: string, connectionId: string): Promise<boolean> {
    return (await this.#options.records.holder(slot)) === connectionId;
  }

  /** Ends the stays that nobody has ended. */
  async close(): Promise<void> {
    clearInterval(this.#beating);
    await Promise.all([...this.#here.values()].map((presence) => this.#leave(presence)));
    if (this.#ready === null) return;
    await this.#options.records.forgetReplica(this.#replicaId).catch(this.#failed);
  }

  async #take(presence: Presence): Promise<AttendanceChange> {
    const { examId, place } = presence;
    try {
      return await this.#desk.take(examId, { kind: 'enter', place });
    } catch (error) {
      // An answer that was lost may have been a yes: nobody may stay whom nobody lets out.
      this.#leaving.add(presence);
      throw error;
    }
  }

  async #leave(presence: Presence): Promise<void> {
    const { examId, place } = presence;
    this.#here.delete(place.connectionId);
    this.#leaving.add(presence);
    try {
      const { changed, connectedCount } = await this.#desk.take(examId, { kind: 'leave', place });
      this.#leaving.delete(presence);
      if (changed && place.isStudent) this.#tell('participant_disconnected', presence, connectedCount);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The others must know this replica before they see connections of it. */
  async #start(): Promise<void> {
    this.#ready ??= this.#options.records.beat(this.#replicaId, new Date(this.#options.now()).toISOString());
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = null;
      throw error;
    }
    this.#beating ??= setInterval(() => void this.#beat().catch(this.#failed), beatEveryMs).unref();
  }

  async #beat(): Promise<void> {
    const { records, now } = this.#options;
    const nowMs = now();
    if (!(await records.beat(this.#replicaId, new Date(nowMs).toISOString()))) await this.#comeBack();
    await Promise.all([...this.#leaving].map((presence) => this.#leave(presence)));
    for (const { examId, ...place } of await records.orphans(new Date(nowMs - deadAfterMs).toISOString())) {
      const { changed, connectedCount } = await this.#desk.take(examId, { kind: 'leave', place });
      if (changed && place.isStudent) this.#tell('participant_disconnected', { examId, place }, connectedCount);
    }
  }

  /** The others took this replica for dead. */
  async #comeBack(): Promise<void> {
    for (const presence of this.#here.values()) {
      const { examId, place } = presence;
      const { changed, connectedCount } = await this.#desk.take(examId, { kind: 'restore', place });
      if (changed && place.isStudent) this.#tell('participant_joined', presence, connectedCount);
    }
  }

  #tell(
    type: 'participant_joined' | 'participant_disconnected',
    { examId, place }: Presence,
    connectedCount: number,
  ): void {
    this.#options.news.toAll({
      type,
      session_id: examId,
      student_id: place.userId,
      connected_count: connectedCount,
      timestamp: new Date(this.#options.now()).toISOString(),
    });
  }

  readonly #failed = (error: unknown): void => {
    this.#options.log.warn({ event: 'attendance.failed', error });
  };
}
