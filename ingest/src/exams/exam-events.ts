import type { ExamEvent, ExamTeacherEvent } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';

export interface ExamListener {
  /** @param order of a change of attendance, see `AttendanceChange` */
  onEvent: (event: ExamEvent, order: number | undefined) => void;
  onTeacherEvent: (event: ExamTeacherEvent) => void;
  /** Another connection has taken this slot. */
  onReplaced: (slot: string) => void;
}

/** Exam events for connections on every replica. They only announce: every change is in the records before its event is published. */
export class ExamEvents {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  toAll(event: ExamEvent, order?: number): void {
    this.#bus.publish(topics.examAll, [event.session_id], order === undefined ? event : { ...event, order });
  }

  toTeachers(examId: string, event: ExamTeacherEvent): void {
    this.#bus.publish(topics.examTeachers, [examId], event);
  }

  replaced(examId: string, slot: string): void {
    this.#bus.publish(topics.examReplaced, [examId], { slot });
  }

  follow(examId: string, listener: ExamListener): Subscription {
    const subscriptions = [
      this.#bus.subscribe(topics.examAll, [examId], ({ order, ...event }) => listener.onEvent(event, order)),
      this.#bus.subscribe(topics.examTeachers, [examId], listener.onTeacherEvent),
      this.#bus.subscribe(topics.examReplaced, [examId], ({ slot }) => listener.onReplaced(slot)),
    ];
    return {
      ready: Promise.all(subscriptions.map(({ ready }) => ready)).then(() => undefined),
      close: () => subscriptions.forEach((subscription) => subscription.close()),
    };
  }
}
