import { isoTime } from '../time/iso-time.ts';

export interface ThrottledNotifierOptions {
  intervalMs: number;
  /** The clock that all replicas share, because each claim is compared with those of the others. */
  now: () => number;
  onError: (error: unknown) => void;
}

/**
 * Publishes frequent changes at most once per interval, and always the last state: a change that comes too early is published when the
 * interval ends. A claim in the records decides which replica publishes.
 */
export class ThrottledNotifier {
  readonly #options: ThrottledNotifierOptions;
  readonly #later = new Map<string, NodeJS.Timeout>();

  constructor(options: ThrottledNotifierOptions) {
    this.#options = options;
  }

  /**
   * @param claim whether this replica may publish now: no replica has published since `sinceAt`.
   * @param send reads the state and publishes it.
   */
  async publish(
    key: string,
    claim: (at: string, sinceAt: string) => Promise<boolean>,
    send: () => Promise<void>,
  ): Promise<void> {
    if (this.#later.has(key)) return;
    const { intervalMs, now, onError } = this.#options;
    const nowMs = now();
    if (await claim(isoTime(nowMs), isoTime(nowMs - intervalMs))) return send();
    if (this.#later.has(key)) return;
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.publish(key, claim, send).catch(onError);
    }, intervalMs).unref();
    this.#later.set(key, timer);
  }

  close(): void {
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
  }
}
