import type { ExamStatus } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { isOver } from '../model/exam-status.ts';

interface Stays {
  subscription: Subscription;
  endings: Set<(status: ExamStatus) => void>;
}

/** Connections that must end with their exam. One subscription per exam, however many connections it has. */
export class ExamStays {
  readonly #bus: Bus;
  readonly #exams = new Map<string, Stays>();

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  /** @param onOver called when the exam is COMPLETED or CANCELLED @returns call it when the connection is closed */
  begin(examId: string, onOver: (status: ExamStatus) => void): () => void {
    const stays = this.#exams.get(examId) ?? this.#follow(examId);
    const ending = (status: ExamStatus): void => onOver(status);
    stays.endings.add(ending);
    return () => {
      stays.endings.delete(ending);
      if (stays.endings.size > 0 || this.#exams.get(examId) !== stays) return;
      this.#exams.delete(examId);
      stays.subscription.close();
    };
  }

  #follow(examId: string): Stays {
    const endings: Stays['endings'] = new Set();
    const subscription = this.#bus.subscribe(topics.examAll, [examId], (event) => {
      if (event.type !== 'session_status_changed' || !isOver(event.status)) return;
      for (const end of endings) end(event.status);
    });
    const stays = { subscription, endings };
    this.#exams.set(examId, stays);
    return stays;
  }
}
