import { signal } from '@preact/signals';
import type { Replay, ReportObservation } from '@invigil/protocol/report';

export const speeds = [0.5, 1, 2, 4, 8, 16] as const;

/** Position and playback of the replay. Times are milliseconds from the replay's start. */
export class ReplayPlayer {
  readonly replay = signal<Replay | null>(null);
  readonly timeMs = signal(0);
  readonly isPlaying = signal(false);
  readonly speed = signal<number>(1);
  /** Whether all readings have been loaded. */
  readonly isComplete = signal(false);
  readonly #endMs: number | null;
  readonly #starts: readonly number[];
  /** Requested by `seekEpoch` before its time had been loaded; null once it is shown, or the user has moved elsewhere. */
  #pendingEpochMs: number | null = null;
  #frame = 0;

  /** @param endMs end of the session, client clock, Unix epoch: the replay's range while it loads; null if unknown */
  constructor(observations: readonly ReportObservation[], endMs: number | null = null) {
    this.#endMs = endMs;
    this.#starts = observations.map(({ from_ms: fromMs }) => fromMs).toSorted((a, b) => a - b);
  }

  /** Call when more readings have been loaded. */
  loaded(replay: Replay): void {
    const isFirst = this.replay.peek() === null;
    this.replay.value = replay;
    if (this.#pendingEpochMs !== null) this.seekEpoch(this.#pendingEpochMs);
    else if (isFirst) this.#show(replay.count === 0 ? 0 : replay.timeMs(0));
  }

  /** All readings have been loaded: from now on, the replay ends with the last one. */
  complete(): void {
    this.isComplete.value = true;
    this.#pendingEpochMs = null;
    this.#show(this.timeMs.peek());
  }

  /** Null without readings. While they load, it reaches to the end of the session, so that the whole of it can be scrubbed at once. */
  get range(): { fromMs: number; toMs: number } | null {
    const replay = this.replay.value;
    if (replay === null || replay.count === 0) return null;
    const lastMs = replay.timeMs(replay.count - 1);
    const endMs = this.isComplete.value || this.#endMs === null ? lastMs : this.#endMs - replay.startMs;
    return { fromMs: replay.timeMs(0), toMs: Math.max(lastMs, endMs) };
  }

  /** As the user moves: replaces a requested time that has not been loaded yet. */
  seek(timeMs: number): void {
    this.#pendingEpochMs = null;
    this.#show(timeMs);
  }

  /**
   * Shows that time, or as soon as it has been loaded.
   * @param atMs client clock, Unix epoch
   */
  seekEpoch(atMs: number): void {
    const { range } = this;
    const timeMs = atMs - (this.replay.peek()?.startMs ?? 0);
    this.#pendingEpochMs = range === null || (timeMs > range.toMs && !this.isComplete.peek()) ? atMs : null;
    this.#show(timeMs);
  }

  #show(timeMs: number): void {
    const { range } = this;
    if (range !== null) this.timeMs.value = Math.max(range.fromMs, Math.min(range.toMs, timeMs));
  }

  /** To the beginning of the next observation, or of the previous one. */
  jump(isForward: boolean): void {
    const startMs = this.replay.peek()?.startMs ?? 0;
    const now = this.timeMs.peek();
    const starts = this.#starts.map((atMs) => atMs - startMs);
    const to = isForward ? starts.find((atMs) => atMs > now + 1) : starts.findLast((atMs) => atMs < now - 1);
    if (to !== undefined) this.seek(to);
  }

  toggle(): void {
    if (this.isPlaying.peek()) this.stop();
    else this.#play();
  }

  stop(): void {
    this.isPlaying.value = false;
    cancelAnimationFrame(this.#frame);
  }

  #play(): void {
    this.isPlaying.value = true;
    let last = performance.now();
    const step = (now: number): void => {
      const before = this.timeMs.peek();
      const elapsedMs = Math.max(0, now - last);
      last = now;
      this.seek(before + elapsedMs * this.speed.peek());
      // At the end nothing moves any more.
      if (this.timeMs.peek() === before && elapsedMs > 0) return this.stop();
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }
}
