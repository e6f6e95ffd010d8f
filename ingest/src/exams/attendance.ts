import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { AttendanceChange, Place } from '../model/attendance-reducer.ts';
import { AttendanceWriteQueue } from './attendance-write-queue.ts';
import { ArrivalPacer } from '../rate-limit/arrival-pacer.ts';
import { CrowdGate } from '../records/crowd-gate.ts';
import type { ReplicaHeartbeat, ReplicaRows } from '../replicas/replica-heartbeat.ts';
import type { ExamEvents } from './exam-events.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ParticipantEvent } from './participant-order.ts';

export interface AttendanceOptions {
  heartbeat: ReplicaHeartbeat;
  records: AttendanceRecords;
  events: ExamEvents;
  log: Logger;
  now: () => number;
}

export interface Visitor {
  examId: string;
  userId: string;
  isStudent: boolean;
  /** A slot holds one connection: a newer one replaces it. Null: no limit. */
  slot: string | null;
}

/** One connection's stay in an exam. */
export interface Stay {
  connectionId: string;
  /** Announces the student to the exam, unless another of their connections was already in it. */
  announce(): void;
  /** Never rejects: a write that fails is tried again later. */
  leave(): Promise<void>;
}

/** Attendance after a change, or as read. */
type Attended = Omit<AttendanceChange, 'changed'>;

/** A slot and its exam. */
interface Presence {
  examId: string;
  place: Place;
}

/**
 * Who is in which exam, over all replicas. A student with two connections (exam channel and session channel, two tabs) joins with the
 * first and leaves with the last. The connections of a replica that dies are removed by the others.
 */
export class Attendance implements ReplicaRows {
  readonly #options: AttendanceOptions;
  readonly #queue: AttendanceWriteQueue;
  readonly #here = new Map<string, Presence>();
  readonly #leaving = new Set<Presence>();
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #pacer: ArrivalPacer;
  readonly #gate = new CrowdGate();

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#queue = new AttendanceWriteQueue(options.records);
    const { log, now } = options;
    this.#pacer = new ArrivalPacer({ now, onError: (error) => log.warn({ event: 'attendance.failed', error }) });
    options.heartbeat.add(this, 'attendance.failed');
  }

  enter(visitor: Visitor): Promise<Stay> {
    return this.#track(this.#enter(visitor));
  }

  async #enter({ examId, userId, isStudent, slot }: Visitor): Promise<Stay> {
    const { heartbeat, events, now } = this.#options;
    await heartbeat.register();
    // Nobody waits for a connection without a slot: it is a student's session, which goes on meanwhile.
    if (slot === null) await this.#gate.pass();
    const connectionId = randomUUID();
    const connectedAt = isoTime(now());
    const place: Place = {
      slot: slot ?? `connection:${connectionId}`,
      connectionId,
      userId,
      isStudent,
      replicaId: heartbeat.replicaId,
      connectedAt,
    };
    const presence = { examId, place };
    const change = await this.#take(presence);
    this.#here.set(connectionId, presence);
    if (slot !== null) events.replaced(examId, slot);
    return {
      connectionId,
      announce: () => {
        if (isStudent && change.changed) this.#announce('participant_joined', presence, change);
      },
      leave: () => this.#track(this.#leave(presence)),
    };
  }

  /** Whether the connection still has its slot. */
  async holds(slot: string, connectionId: string): Promise<boolean> {
    return (await this.#options.records.holder(slot)) === connectionId;
  }

  /** Ends the open stays. Resolves when all departures, including those in progress, are written and announced. */
  async close(): Promise<void> {
    // An arrival whose write is in progress becomes a stay.
    await Promise.allSettled(this.#inFlight);
    await Promise.all([...this.#here.values()].map((presence) => this.#leave(presence)));
    await Promise.allSettled(this.#inFlight);
    await this.#pacer.flush();
  }

  async restore(): Promise<void> {
    await Promise.all([...this.#here.values()].map((presence) => this.#restore(presence)));
  }

  async retry(): Promise<void> {
    await Promise.all([...this.#leaving].map((presence) => this.#leave(presence)));
  }

  async removeOrphans(): Promise<void> {
    const orphans = await this.#options.records.orphans();
    // Together, so that the queue writes thousands of them in a few transactions.
    await Promise.all(orphans.map(({ examId, ...place }) => this.#removeOrphan({ examId, place })));
  }

  async #restore(presence: Presence): Promise<void> {
    const { examId, place } = presence;
    const change = await this.#queue.take(examId, { kind: 'restore', place });
    if (change.changed && place.isStudent) this.#announce('participant_joined', presence, change);
  }

  async #removeOrphan(presence: Presence): Promise<void> {
    const { examId, place } = presence;
    const change = await this.#queue.take(examId, { kind: 'leave', place });
    if (change.changed && place.isStudent) this.#announce('participant_disconnected', presence, change);
  }

  async #take(presence: Presence): Promise<AttendanceChange> {
    const { examId, place } = presence;
    try {
      return await this.#queue.take(examId, { kind: 'enter', place });
    } catch (error) {
      // The write may have succeeded though the reply was lost, so schedule a leave.
      this.#leaving.add(presence);
      throw error;
    }
  }

  async #leave(presence: Presence): Promise<void> {
    const { examId, place } = presence;
    this.#here.delete(place.connectionId);
    this.#leaving.add(presence);
    try {
      const change = await this.#queue.take(examId, { kind: 'leave', place });
      this.#leaving.delete(presence);
      if (change.changed && place.isStudent) this.#announce('participant_disconnected', presence, change);
    } catch (error) {
      this.#options.log.warn({ event: 'attendance.failed', error });
    }
  }

  #announce(type: ParticipantEvent['type'], { examId, place }: Presence, attended: Attended): void {
    const { userId } = place;
    this.#pacer.changed(
      JSON.stringify([examId, userId]),
      () => this.#publish(type, examId, userId, attended),
      async () => {
        const { students, order } = await this.#options.records.connectedInOrder(examId);
        const current = students.includes(userId) ? 'participant_joined' : 'participant_disconnected';
        this.#publish(current, examId, userId, { connectedCount: students.length, order });
      },
    );
  }

  #publish(type: ParticipantEvent['type'], examId: string, userId: string, { connectedCount, order }: Attended): void {
    const event: ParticipantEvent = {
      type,
      session_id: examId,
      student_id: userId,
      connected_count: connectedCount,
      timestamp: isoTime(this.#options.now()),
    };
    this.#options.events.toAll(event, order);
  }

  /** `close` waits for it. */
  async #track<Result>(work: Promise<Result>): Promise<Result> {
    this.#inFlight.add(work);
    try {
      return await work;
    } finally {
      this.#inFlight.delete(work);
    }
  }
}
