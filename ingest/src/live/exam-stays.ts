import type { ExamStatus } from '@invigil/protocol/channels';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { isOver } from '../model/exam-status.ts';
import { CoalescedWork } from '../time/coalesced-work.ts';

export interface ExamStaysOptions {
  bus: Bus;
  /** From the records; null for an unknown exam. */
  statusOf: (examId: string) => Promise<ExamStatus | null>;
  onError: (error: unknown) => void;
}

interface Stays {
  subscription: Subscription;
  endings: Set<(status: ExamStatus) => void>;
}

/**
 * Connections that must end with their exam. One subscription per exam, however many connections it has. The exam may end before a
 * connection is subscribed, or while the bus is unavailable, so its status is read once afterwards.
 */
export class ExamStays {
  readonly #bus: Bus;
  readonly #exams = new Map<string, Stays>();
  readonly #look: CoalescedWork;

  constructor({ bus, statusOf, onError }: ExamStaysOptions) {
    this.#bus = bus;
    this.#look = new CoalescedWork({
      work: async (examId) => {
        if (!this.#exams.has(examId)) return;
        const status = await statusOf(examId);
        if (status !== null) this.#end(examId, status);
      },
      isNeeded: (examId) => this.#exams.has(examId),
      onError,
    });
    bus.onHealed(() => {
      for (const examId of this.#exams.keys()) this.#look.request(examId);
    });
  }

  /** @param onOver called when the exam is COMPLETED or CANCELLED @returns call it when the connection is closed */
  begin(examId: string, onOver: (status: ExamStatus) => void): () => void {
    const stays = this.#exams.get(examId) ?? this.#follow(examId);
    const ending = (status: ExamStatus): void => onOver(status);
    stays.endings.add(ending);
    void stays.subscription.ready.then(() => this.#look.request(examId));
    return () => {
      stays.endings.delete(ending);
      if (stays.endings.size > 0 || this.#exams.get(examId) !== stays) return;
      this.#exams.delete(examId);
      stays.subscription.close();
    };
  }

  #follow(examId: string): Stays {
    const subscription = this.#bus.subscribe(topics.examAll, [examId], (event) => {
      if (event.type === 'session_status_changed') this.#end(examId, event.status);
    });
    const stays: Stays = { subscription, endings: new Set() };
    this.#exams.set(examId, stays);
    return stays;
  }

  #end(examId: string, status: ExamStatus): void {
    if (!isOver(status)) return;
    for (const end of this.#exams.get(examId)?.endings ?? []) end(status);
  }
}
