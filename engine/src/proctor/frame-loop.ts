import type { UnknownReason } from '@invigil/protocol/frame';
import type { CameraLostCause, CameraState } from '../camera/camera-state.ts';
import type { CameraFrame } from '../camera/frame-source.ts';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { Moment } from '../timing/moment.ts';
import type { Timers } from '../timing/timers.ts';
import { PerceptionError } from '../worker/perception-error.ts';

/** Readings of one image, or why there are none. */
export interface LoopReading {
  readings: FeatureReadings;
  /** When the image was taken. */
  at: Moment;
  /** From the image to its readings, milliseconds. */
  latencyMs: number;
  /** Beats without a reading since the last one. */
  skipped: number;
}

export interface FrameLoopOptions {
  camera: { readonly state: CameraState; take(): Promise<CameraFrame | null> };
  read: (image: CameraFrame['image'], monotonicMs: number) => Promise<FeatureReadings>;
  timers: Timers;
  monotonicMs: () => number;
  frameRateHz: number;
  onReading: (reading: LoopReading) => void;
}

const reasonByCause: Partial<Record<CameraLostCause, UnknownReason>> = {
  muted: 'camera_muted',
  blocked: 'camera_blocked',
};

/** Why an image could not be read; null when it was not this image's turn, or reading has ended. */
const unreadReason = (error: unknown): UnknownReason | null => {
  switch (error instanceof PerceptionError ? error.reason : 'reading_failed') {
    case 'busy':
    case 'closed':
      return null;
    case 'reading_failed':
    case 'out_of_memory':
      return 'detector_failed';
    default:
      return 'worker_restarted';
  }
};

/**
 * Reads images at a steady rate. One image is read at a time and none is queued: a beat that comes during a reading is skipped and
 * counted, and the next reading begins immediately afterwards with the newest image.
 */
export class FrameLoop {
  readonly #options: FrameLoopOptions;
  readonly #stopBeats: () => void;
  #busy = false;
  #overdue = false;
  #skipped = 0;
  /** Frames per second that the device can handle; null while nothing limits them. */
  #plannedHz: number | null = null;
  #lastStartMs = -Infinity;
  #stopped = false;

  constructor(options: FrameLoopOptions) {
    this.#options = options;
    this.#stopBeats = options.timers.every(1000 / options.frameRateHz, () => this.#beat());
    this.#beat();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopBeats();
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

  /** Beats that a lowered rate leaves out on purpose do not count as skipped. */
  #isTooSoon(): boolean {
    const { frameRateHz, monotonicMs } = this.#options;
    if (this.#plannedHz === null || this.#plannedHz >= frameRateHz) return false;
    const halfBeatMs = 500 / frameRateHz;
    return monotonicMs() - this.#lastStartMs < 1000 / this.#plannedHz - halfBeatMs;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    try {
      do {
        this.#overdue = false;
        await this.#readNewest();
      } while (this.#overdue && !this.#stopped && !this.#isTooSoon());
    } finally {
      this.#busy = false;
    }
  }

  async #readNewest(): Promise<void> {
    const { camera, monotonicMs, timers } = this.#options;
    this.#lastStartMs = monotonicMs();
    const frame = await camera.take();
    if (this.#stopped && frame === null) return;
    if (frame === null) {
      const now = { wallMs: timers.nowMs(), monotonicMs: monotonicMs() };
      if (camera.state.state === 'lost')
        this.#emit({ not_observed: reasonByCause[camera.state.cause] ?? 'camera_lost' }, now);
      else this.#skipped += 1;
      return;
    }
    const readings = await this.#read(frame);
    if (this.#stopped) return;
    if (readings === null) this.#skipped += 1;
    else this.#emit(readings, { wallMs: frame.wallMs, monotonicMs: frame.monotonicMs });
  }

  async #read({ image, monotonicMs }: CameraFrame): Promise<FeatureReadings | null> {
    try {
      const readings = await this.#options.read(image, monotonicMs);
      this.#plannedHz = readings.engine_face_plan_hz ?? this.#plannedHz;
      return readings;
    } catch (error) {
      const reason = unreadReason(error);
      return reason === null ? null : { not_observed: reason };
    }
  }

  #emit(readings: FeatureReadings, at: Moment): void {
    const skipped = this.#skipped;
    this.#skipped = 0;
    const latencyMs = Math.max(0, Math.round(this.#options.monotonicMs() - at.monotonicMs));
    this.#options.onReading({ readings, at, latencyMs, skipped });
  }
}
