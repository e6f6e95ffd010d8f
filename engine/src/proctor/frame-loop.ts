import type { UnknownReason } from '@invigil/protocol/frame';
import type { CameraFrame } from '../camera/frame-source.ts';
import type { FeatureReadings } from '../perception/feature-readings.ts';
import type { CameraState } from '../camera/camera-state.ts';
import type { Timers } from '../timing/timers.ts';
import { PerceptionError } from '../worker/perception-error.ts';

/** The same moment on two clocks: Unix epoch, and `performance.now()`. */
export interface Moment {
  wallMs: number;
  monotonicMs: number;
}

export interface FrameLoopOptions {
  camera: { readonly state: CameraState; take(): Promise<CameraFrame | null> };
  read: (image: CameraFrame['image'], monotonicMs: number) => Promise<FeatureReadings>;
  timers: Timers;
  monotonicMs: () => number;
  frameRateHz: number;
  onReadings(readings: FeatureReadings, at: Moment): void;
}

const reasonOf = (error: unknown): UnknownReason =>
  error instanceof PerceptionError && error.reason !== 'reading_failed' ? 'worker_restarted' : 'detector_failed';

/**
 * Readings at a steady pace. One picture is read at a time and none is queued: a beat that comes while reading is passed over
 * and counted, and makes the next reading begin at once, with the newest picture.
 */
export class FrameLoop {
  readonly #parts: FrameLoopOptions;
  readonly #stop: () => void;
  #busy = false;
  #overdue = false;
  #skipped = 0;
  /** Frames a second that the device has room for; null while nothing lowers them. */
  #plannedHz: number | null = null;
  #lastStartMs = -Infinity;
  #stopped = false;

  constructor(parts: FrameLoopOptions) {
    this.#parts = parts;
    this.#stop = parts.timers.every(1000 / parts.frameRateHz, () => this.#beat());
    this.#beat();
  }

  stop(): void {
    this.#stopped = true;
    this.#stop();
  }

  #beat(): void {
    if (this.#busy) {
      this.#skipped += this.#overdue ? 1 : 0;
      this.#overdue = true;
      return;
    }
    if (this.#isTooSoon()) return;
    void this.#run();
  }

  /** Beats that a lowered rate leaves out on purpose; they are no skipped ones. */
  #isTooSoon(): boolean {
    const { frameRateHz, monotonicMs } = this.#parts;
    if (this.#plannedHz === null || this.#plannedHz >= frameRateHz) return false;
    const halfBeatMs = 500 / frameRateHz;
    return monotonicMs() - this.#lastStartMs < 1000 / this.#plannedHz - halfBeatMs;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#overdue = false;
        await this.#once();
      } while (this.#overdue && !this.#stopped && !this.#isTooSoon());
    } finally {
      this.#busy = false;
    }
  }

  async #once(): Promise<void> {
    const { camera, read } = this.#parts;
    this.#lastStartMs = this.#parts.monotonicMs();
    const frame = await camera.take();
    if (frame === null) {
      if (this.#stopped) return;
      if (camera.state.state === 'lost') this.#emit({ not_observed: 'camera_lost' }, this.#now());
      else this.#skipped += 1;
      return;
    }
    const at = { wallMs: frame.wallMs, monotonicMs: frame.monotonicMs };
    let readings: FeatureReadings;
    try {
      readings = await read(frame.image, frame.monotonicMs);
      this.#plannedHz = readings.engine_face_plan_hz ?? this.#plannedHz;
    } catch (error) {
      readings = { not_observed: reasonOf(error) };
    }
    if (!this.#stopped) this.#emit(readings, at);
  }

  #now(): Moment {
    return { wallMs: this.#parts.timers.nowMs(), monotonicMs: this.#parts.monotonicMs() };
  }

  #emit(readings: FeatureReadings, at: Moment): void {
    const engine_skipped = this.#skipped;
    this.#skipped = 0;
    const engine_latency_ms = Math.max(0, Math.round(this.#parts.monotonicMs() - at.monotonicMs));
    this.#parts.onReadings({ ...readings, engine_latency_ms, engine_skipped }, at);
  }
}
