import type { ExamEvent, ExamStatus, ExamTeacherEvent } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import { isLater, isOver, submitGraceMs } from '../model/exam-status.ts';
import type { Bus, Subscription } from '../bus/bus.ts';
import type { Attendance } from './attendance.ts';
import type { ExamEvents } from './exam-events.ts';
import type { ExamStatistics } from './exam-stats.ts';
import type { Exams } from './exams.ts';
import { CoalescedWork } from '../time/coalesced-work.ts';
import { isoTime } from '../time/iso-time.ts';
import { ParticipantOrder } from './participant-order.ts';
import type { ParticipantEvent } from './participant-order.ts';

/** A connection in a room. */
export interface ExamMember {
  sendText(text: string): void;
  /** Closes it, because a newer connection of the same person has taken its place. */
  replace(): void;
  /** Closes it, because the exam is over. */
  closeOver(status: ExamStatus): void;
}

interface Seat {
  userId: string;
  /** Teachers and admins also receive events about students. */
  isTeacher: boolean;
  slot: string;
  connectionId: string;
}

/** One connection's access to the room of its exam. */
export interface RoomDoor {
  /** Resolves once events of every replica arrive here. */
  readonly ready: Promise<void>;
  join(member: ExamMember, seat: Seat): void;
  close(member: ExamMember): void;
}

export interface ExamRoomsOptions {
  bus: Bus;
  events: ExamEvents;
  attendance: Attendance;
  statistics: ExamStatistics;
  exams: Pick<Exams, 'announced'>;
  statsMs: number;
  log: Logger;
  now: () => number;
}

interface Room {
  /** As announced here by `session_status_changed`. */
  status: ExamStatus;
  /** As announced here by the event of the step, which comes before it. */
  step: ExamStatus;
  receive: (event: ExamEvent) => void;
  subscription: Subscription;
  seats: Map<ExamMember, Seat>;
  doors: number;
  statistics: NodeJS.Timeout;
  /** Closes the teachers' connections. */
  closing?: NodeJS.Timeout;
}

/** The connections of this process by exam. A room is subscribed to its exam's events while a connection is in it or entering. */
export class ExamRooms {
  readonly #options: ExamRoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #catchUp: CoalescedWork;
  readonly #stopHealing: () => void;

  constructor(options: ExamRoomsOptions) {
    this.#options = options;
    this.#catchUp = new CoalescedWork({
      work: (examId) => this.#announceMissed(examId),
      isNeeded: (examId) => this.#rooms.has(examId),
      onError: (error) => options.log.warn({ event: 'exam.news_failed', error }),
    });
    // A connection may have been replaced on another replica while the bus was unavailable, and the exam may have moved on.
    this.#stopHealing = options.bus.onHealed(() => {
      for (const [examId, room] of this.#rooms) this.#recover(examId, room);
    });
  }

  /** @param status of the exam, as read before */
  open(examId: string, status: ExamStatus): RoomDoor {
    const room = this.#rooms.get(examId) ?? this.#create(examId, status);
    room.doors += 1;
    let isOpen = true;
    return {
      ready: room.subscription.ready,
      join: (member, seat) => {
        if (!isOpen) return;
        room.seats.set(member, seat);
        // The exam may have moved on since its status was read for this connection.
        this.#catchUp.request(examId);
      },
      close: (member) => {
        if (!isOpen) return;
        isOpen = false;
        room.seats.delete(member);
        room.doors -= 1;
        if (room.doors > 0) return;
        room.subscription.close();
        clearInterval(room.statistics);
        clearTimeout(room.closing);
        this.#rooms.delete(examId);
      },
    };
  }

  close(): void {
    this.#stopHealing();
  }

  #create(examId: string, status: ExamStatus): Room {
    const seats: Room['seats'] = new Map();
    const send = (event: ExamEvent | ExamTeacherEvent, teachersOnly: boolean): void => {
      const text = JSON.stringify(event);
      // Do not tell a student that they joined.
      const joined = event.type === 'participant_joined' ? event.student_id : null;
      for (const [member, { isTeacher, userId }] of seats) {
        if ((isTeacher || !teachersOnly) && userId !== joined) member.sendText(text);
      }
    };
    const participants = new ParticipantOrder();
    const receive = (event: ExamEvent, order?: number): void => {
      if (order !== undefined && isParticipantEvent(event)) {
        const next = participants.next(event, order);
        if (next !== null) send(next, false);
        return;
      }
      // The records may have been read before this event of another replica arrived.
      const step = stepOf(event);
      if (step !== null) {
        if (!isLater(step, room.step)) return;
        room.step = step;
      }
      if (event.type === 'session_status_changed' && !isLater(event.status, room.status)) return;
      send(event, false);
      if (event.type !== 'session_status_changed') return;
      room.status = event.status;
      if (isLater(event.status, room.step)) room.step = event.status;
      if (isOver(event.status)) closeOver(room, event.status);
    };
    const room: Room = {
      status,
      step: status,
      receive,
      seats,
      doors: 0,
      subscription: this.#options.events.follow(examId, {
        onEvent: receive,
        onTeacherEvent: (event) => send(event, true),
        onReplaced: (slot) => this.#checkSlot(room, slot),
      }),
      statistics: setInterval(() => {
        if ([...seats.values()].some(({ isTeacher }) => isTeacher)) void this.#sendStatistics(examId, send);
      }, this.#options.statsMs).unref(),
    };
    this.#rooms.set(examId, room);
    // Connections that the bus kept waiting for too long are already in the room.
    void room.subscription.ready.then(() => {
      if (room.seats.size > 0) this.#recover(examId, room);
    });
    return room;
  }

  /** After a time in which events of other replicas did not arrive. */
  #recover(examId: string, room: Room): void {
    for (const { slot } of room.seats.values()) this.#checkSlot(room, slot);
    this.#catchUp.request(examId);
  }

  async #announceMissed(examId: string): Promise<void> {
    const room = this.#rooms.get(examId);
    if (room === undefined) return;
    const events = await this.#options.exams.announced(examId, room.status);
    if (this.#rooms.get(examId) !== room) return;
    for (const event of events) room.receive(event);
    if (isOver(room.status)) closeOver(room, room.status);
  }

  /** Closes the connection in the slot if the records list a newer one. */
  #checkSlot(room: Room, slot: string): void {
    for (const [member, seat] of room.seats) {
      if (seat.slot !== slot) continue;
      this.#options.attendance.holds(slot, seat.connectionId).then(
        (holds) => {
          if (!holds) member.replace();
        },
        (error: unknown) => this.#options.log.warn({ event: 'exam.slot_unknown', error }),
      );
    }
  }

  async #sendStatistics(examId: string, send: (event: ExamTeacherEvent, teachersOnly: boolean) => void): Promise<void> {
    try {
      const stats = await this.#options.statistics.of(examId);
      const timestamp = isoTime(this.#options.now());
      send({ type: 'session_stats', session_id: examId, stats, timestamp }, true);
    } catch (error) {
      this.#options.log.warn({ event: 'exam.statistics_failed', error });
    }
  }
}

const isParticipantEvent = (event: ExamEvent): event is ParticipantEvent =>
  event.type === 'participant_joined' || event.type === 'participant_disconnected';

/** Students are disconnected at once. Teachers of a completed exam stay connected while students can still hand in. */
const closeOver = (room: Room, status: ExamStatus): void => {
  const close = (isTeacher: boolean): void => {
    for (const [member, seat] of room.seats) if (seat.isTeacher === isTeacher) member.closeOver(status);
  };
  close(false);
  if (status === 'CANCELLED') return close(true);
  room.closing ??= setTimeout(() => close(true), submitGraceMs).unref();
};

/** The status after the step that an event announces; null for other events. */
const stepOf = (event: ExamEvent): ExamStatus | null => {
  switch (event.type) {
    case 'waiting_room_opened':
      return 'WAITING';
    case 'session_started':
      return 'IN_PROGRESS';
    case 'session_completed':
      return 'COMPLETED';
    default:
      return null;
  }
};
