import type { Features } from '@invigil/protocol/frame';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { CalibrateOptions } from './calibrate.ts';
import { CalibratedGaze } from './calibrated-gaze.ts';
import type { CalibratedGazeOptions } from './calibrated-gaze.ts';
import type { CalibrationState } from './calibration-state.ts';
import type { GazeReading } from './gaze-readings.ts';
import type { KnownPlaces } from './known-places.ts';

/** As fast as devices can read faces, because every reading of a target counts. */
export const calibrationRateHz = 15;

const gazeReadingOf = ({ gaze_signal, unknown }: FeatureReadings, atMs: number): GazeReading => ({
  atMs,
  signal: gaze_signal ?? null,
  eyesClosed: unknown?.gaze === 'eyes_closed',
});

export interface SessionGazeOptions extends Omit<CalibratedGazeOptions, 'onState'> {
  onState(state: CalibrationState): void;
}

/** Gaze of one session: its calibration, gaze points and drift correction. */
export class SessionGaze {
  readonly #options: SessionGazeOptions;
  readonly #gaze: CalibratedGaze;
  readonly #closed = new AbortController();
  #step: Extract<CalibrationState, { state: 'calibrating' }> | null = null;
  #listeners = new Set<(reading: GazeReading) => void>();
  #places: KnownPlaces | null = null;

  constructor(options: SessionGazeOptions) {
    this.#options = options;
    this.#gaze = new CalibratedGaze(options);
  }

  get state(): CalibrationState {
    return this.#step ?? this.#gaze.state;
  }

  /** Needs every reading in the meantime, through `gazePoint`. */
  async calibrate(container: Element, options: CalibrateOptions): Promise<void> {
    // Only pages that calibrate load the targets and texts.
    const { calibrate } = await import('./calibrate.ts');
    const signal = AbortSignal.any([this.#closed.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    try {
      const outcome = await calibrate(
        container,
        { ...options, signal },
        {
          nowMs: () => this.#options.nowMs(),
          onStep: (step, steps) => this.#setStep({ state: 'calibrating', step, steps }),
          listen: (onReading) => {
            this.#listeners.add(onReading);
            return () => this.#listeners.delete(onReading);
          },
        },
      );
      this.#step = null;
      if (outcome !== null) this.#gaze.settle(outcome);
      else this.#options.onState(this.#gaze.state);
    } finally {
      this.#step = null;
    }
  }

  /** From now on, clicks and typing in this page correct the drift of a calibration. */
  async watchPage(): Promise<void> {
    // A session cannot be calibrated once it is recording, so without a calibration there is nothing to correct.
    if (this.#places !== null || this.#gaze.state.state !== 'calibrated') return;
    const { KnownPlaces } = await import('./known-places.ts');
    if (this.#closed.signal.aborted) return;
    this.#places ??= new KnownPlaces((place, atMs) => this.#gaze.noteKnownPlace(place, atMs));
  }

  /**
   * The gaze point on the page, as fields of the frame. Every reading must pass through here, even while calibrating.
   */
  gazePoint(readings: FeatureReadings, isPageHidden: boolean, atMs: number): Features {
    for (const listener of this.#listeners) listener(gazeReadingOf(readings, atMs));
    return this.#gaze.gazePoint(readings, isPageHidden, atMs);
  }

  /** Changes to the calibration itself, for the next frame. */
  takeUpdate(): Features {
    return this.#gaze.takeUpdate();
  }

  /** @param isOver the session is over: deletes the stored calibration. */
  close(isOver: boolean): void {
    this.#closed.abort();
    this.#places?.close();
    if (isOver) this.#gaze.forget();
  }

  #setStep(step: Extract<CalibrationState, { state: 'calibrating' }>): void {
    this.#step = step;
    this.#options.onState(step);
  }
}
