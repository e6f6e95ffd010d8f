import { fetchExam } from '../../api/exam-api.ts';
import type { ExamState } from '../../api/exam-api.ts';

/** Messages that require a full read arrive in bursts, so one read answers all of them. */
const defaultDelayMs = 500;

export interface ExamRefreshOptions {
  examId: string;
  onExam: (exam: ExamState) => void;
  /** Called when a read begins. Its answer may lack changes that messages report from then on. */
  onBegin?: () => void;
  delayMs?: number;
}

/** Reads the full state of an exam again, once per burst of requests. */
export class ExamRefresh {
  readonly #options: ExamRefreshOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isReading = false;
  /** Whether another read was requested during this one, whose answer may lack the reason. */
  #isOutdated = false;
  #isClosed = false;

  constructor(options: ExamRefreshOptions) {
    this.#options = options;
  }

  request(): void {
    if (this.#isReading) this.#isOutdated = true;
    else this.#timer ??= setTimeout(() => void this.#read(), this.#options.delayMs ?? defaultDelayMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #read(): Promise<void> {
    this.#timer = undefined;
    this.#isReading = true;
    this.#isOutdated = false;
    this.#options.onBegin?.();
    const answer = await fetchExam(this.#options.examId);
    this.#isReading = false;
    if (this.#isClosed) return;
    // On failure, the next message or reconnection requests another read.
    if (answer.ok) this.#options.onExam(answer.value);
    if (this.#isOutdated) this.request();
  }
}
