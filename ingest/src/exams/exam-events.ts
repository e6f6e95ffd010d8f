import type { ExamEvent, ExamTeacherEvent } from '@invigil/protocol/channels';
import type { Bus, BusMessage, Subscription } from '../bus/bus.ts';
import { subject } from '../bus/subject.ts';

export interface ExamListener {
  all: (event: BusMessage) => void;
  teachers: (event: BusMessage) => void;
  /** Another connection has taken this slot. */
  replaced: (slot: string) => void;
}

/** News of exams, to whoever is connected at any replica. Nothing depends on them: what they tell of is in the records before. */
export class ExamEvents {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  toAll(event: ExamEvent): void {
    this.#bus.publish(subject('exams', event.session_id, 'all'), event);
  }

  toTeachers(examId: string, event: ExamTeacherEvent): void {
    this.#bus.publish(subject('exams', examId, 'teachers'), event);
  }

  replaced(examId: string, slot: string): void {
    this.#bus.publish(subject('exams', examId, 'replaced'), { slot });
  }

  follow(examId: string, listener: ExamListener): Subscription {
    return this.#bus.subscribe(`${subject('exams', examId)}.*`, (message, from) => {
      switch (from.slice(from.lastIndexOf('.') + 1)) {
        case 'all':
          return listener.all(message);
        case 'teachers':
          return listener.teachers(message);
        case 'replaced':
          return listener.replaced(String(message['slot']));
      }
    });
  }
}
