import type { Features } from '@invigil/protocol/frame';
import type { FeatureReadings } from '../perception/feature-readings.ts';
import type { CalibrateOptions } from './calibrate.ts';
import { CalibratedGaze } from './calibrated-gaze.ts';
import type { CalibratedGazeOptions } from './calibrated-gaze.ts';
import type { CalibrationState } from './calibration-state.ts';
import type { GazeReading } from './gaze-readings.ts';
import { KnownPlaces } from './known-places.ts';

/** As fast as the device reads faces: each look at a target counts. */
export const CALIBRATION_RATE_HZ = 15;

/** What a calibration takes from a reading. */
const gazeReadingOf = ({ gaze_signal, unknown }: FeatureReadings, atMs: number): GazeReading => ({
  atMs,
  signal: gaze_signal ?? null,
  eyesClosed: unknown?.gaze === 'eyes_closed',
});

export interface SessionGazeOptions extends Omit<CalibratedGazeOptions, 'onState'> {
  onState(state: CalibrationState): void;
}

/** Gaze in one sitting: how it is calibrated, its points, and their correction. */
export class SessionGaze {
  readonly #parts: SessionGazeOptions;
  readonly #gaze: CalibratedGaze;
  readonly #closed = new AbortController();
  #step: Extract<CalibrationState, { state: 'calibrating' }> | null = null;
  #listeners = new Set<(reading: GazeReading) => void>();
  #places: KnownPlaces | null = null;

  constructor(parts: SessionGazeOptions) {
    this.#parts = parts;
    this.#gaze = new CalibratedGaze(parts);
  }

  get state(): CalibrationState {
    return this.#step ?? this.#gaze.state;
  }

  /** Needs readings of every picture meanwhile, through `complete`. */
  async calibrate(container: Element, options: CalibrateOptions): Promise<void> {
    // Only pages that calibrate load targets and texts.
    const { calibrate } = await import('./calibrate.ts');
    const signal = AbortSignal.any([this.#closed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    try {
      const outcome = await calibrate(
        container,
        { ...options, signal },
        {
          nowMs: () => this.#parts.nowMs(),
          onStep: (step, steps) => this.#setStep({ state: 'calibrating', step, steps }),
          listen: (onReading) => {
            this.#listeners.add(onReading);
            return () => this.#listeners.delete(onReading);
          },
        },
      );
      this.#step = null;
      if (outcome !== null) this.#gaze.settle(outcome);
      else this.#parts.onState(this.#gaze.state);
    } finally {
      this.#step = null;
    }
  }

  /** From now on, clicks and typing in this page correct drift. */
  watchPage(): void {
    this.#places ??= new KnownPlaces((place, atMs) => this.#gaze.noteKnownPlace(place, atMs));
  }

  complete(readings: FeatureReadings, atMs: number): Features {
    for (const listener of this.#listeners) listener(gazeReadingOf(readings, atMs));
    return this.#gaze.complete(readings, atMs);
  }

  /** What the next frame has to say of the calibration itself. */
  takeNews(): Features {
    return this.#gaze.takeNews();
  }

  /** @param isOver nothing of the session stays on the device. */
  close(isOver: boolean): void {
    this.#closed.abort();
    this.#places?.close();
    if (isOver) this.#gaze.forget();
  }

  #setStep(step: Extract<CalibrationState, { state: 'calibrating' }>): void {
    this.#step = step;
    this.#parts.onState(step);
  }
}
