import { fetchExam } from '../../api/exam-api.ts';
import type { ExamState } from '../../api/exam-api.ts';

/** Messages that require a full read arrive in bursts, so one read answers all of them. */
const defaultDelayMs = 500;

export interface ExamRefreshOptions {
  examId: string;
  onExam: (exam: ExamState) => void;
  delayMs?: number;
}

/** Reads the full state of an exam again, once per burst of requests. */
export class ExamRefresh {
  readonly #options: ExamRefreshOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ExamRefreshOptions) {
    this.#options = options;
  }

  request(): void {
    this.#timer ??= setTimeout(() => void this.#read(), this.#options.delayMs ?? defaultDelayMs);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    const answer = await fetchExam(this.#options.examId);
    // On failure, the next message or reconnection requests another read.
    if (answer.ok) this.#options.onExam(answer.value);
  }
}
