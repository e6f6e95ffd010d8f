import type { ExamEvent } from '@invigil/protocol/channels';

export type ParticipantEvent = Extract<ExamEvent, { type: 'participant_joined' | 'participant_disconnected' }>;

/** Longest delay between replicas, in the unit of an event's order. An event that seems older follows a database's clock that was set back. */
const maxDelayUs = 5_000_000;

const isOvertaken = (order: number, newest: number): boolean => order < newest && order > newest - maxDelayUs;

/**
 * Arrivals and departures of an exam's students in the order of their changes. Several replicas announce them, and a bus keeps only the order of
 * each.
 */
export class ParticipantOrder {
  readonly #ofStudents = new Map<string, number>();
  #newest = { order: -Infinity, count: 0 };

  /** The event, with the newest count; null if a newer event of the student came before it. */
  next(event: ParticipantEvent, order: number): ParticipantEvent | null {
    const { student_id: studentId, connected_count: count } = event;
    if (isOvertaken(order, this.#ofStudents.get(studentId) ?? -Infinity)) return null;
    this.#ofStudents.set(studentId, order);
    if (isOvertaken(order, this.#newest.order)) return { ...event, connected_count: this.#newest.count };
    this.#newest = { order, count };
    return event;
  }
}
