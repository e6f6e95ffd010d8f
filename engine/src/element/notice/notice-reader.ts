import { withDeadline } from '../../timing/deadline.ts';
import { isNotice } from './notice-shape.ts';
import type { ExamNotice, NoticeSource } from './exam-notice.ts';

/** The current notice, and how far the server's clock is ahead of this device's monotonic clock, milliseconds. */
export interface ReadNotice {
  notice: ExamNotice;
  serverAheadMs: number;
}

/** A teacher starts the exam, or the exam's end changes, while the page is open. */
const readEveryMs = 30_000;

/** A read that takes longer has failed. */
const answerTimeoutMs = 15_000;

/** Keeps the page's notice up to date. If a read fails, the previous notice stays. Values that are not notices are ignored, with a console warning. */
export class NoticeReader {
  #source: NoticeSource | null = null;
  #read: ReadNotice | null = null;
  #nextAtMs = 0;
  #isReading = false;
  readonly #changed: () => void;
  readonly #monotonicMs: () => number;

  constructor(changed: () => void, monotonicMs: () => number = () => performance.now()) {
    this.#changed = changed;
    this.#monotonicMs = monotonicMs;
  }

  get source(): NoticeSource | null {
    return this.#source;
  }
  set source(source: NoticeSource | null) {
    if (source === this.#source) return;
    this.#source = source;
    this.#read = null;
    this.#nextAtMs = 0;
    if (source !== null && typeof source !== 'function') this.#take(source);
    this.#changed();
  }

  get notice(): ExamNotice | null {
    return this.#read?.notice ?? null;
  }

  /** The server's time, Unix epoch, milliseconds; null without a notice. The device's clock may be wrong, or change. */
  get serverNowMs(): number | null {
    return this.#read === null ? null : this.#read.serverAheadMs + this.#monotonicMs();
  }

  /** Call regularly: reads again when it is due. */
  async refresh(): Promise<void> {
    const source = this.#source;
    if (typeof source !== 'function' || this.#isReading || this.#monotonicMs() < this.#nextAtMs) return;
    this.#isReading = true;
    this.#nextAtMs = this.#monotonicMs() + readEveryMs;
    try {
      const notice = await withDeadline('notice', answerTimeoutMs, source());
      if (source === this.#source) this.#take(notice);
    } catch {
      // The page cannot reach the server now; the last notice stays.
    } finally {
      this.#isReading = false;
      this.#changed();
    }
  }

  #take(notice: ExamNotice): void {
    if (!isNotice(notice)) return console.warn('notice_invalid', notice);
    this.#read = { notice, serverAheadMs: Date.parse(notice.server_time) - this.#monotonicMs() };
  }
}
