import type { Features } from '@invigil/protocol/frame';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import { calibrationStorage } from './calibration-storage.ts';
import type { CalibrationState } from './calibration-state.ts';
import { examAreaNow, isInArea } from './exam-area.ts';
import type { ExamAreaSource } from './exam-area.ts';
import { calibrationFacts, shortcomingFacts } from './gaze-calibration.ts';
import type { CalibrationOutcome, GazeCalibration } from './gaze-calibration.ts';
import { startDrift, stepDrift } from './gaze-drift.ts';
import type { DriftState } from './gaze-drift.ts';
import { predictGaze } from './predict-gaze.ts';
import { GazePoints, settledAfterMs } from './gaze-points.ts';
import type { PointPx } from './gaze-sample.ts';
import { degreesOf } from './viewing-angle.ts';
import { movedPoint, viewportPlace } from './viewport-place.ts';

/** Points further out are clamped: only their direction is meaningful. */
const maxCoordinatePx = 20_000;
const maxPendingPlaces = 20;

type Settled = Exclude<CalibrationState, { state: 'calibrating' }>;
type GazePointFields = Pick<Features, 'gazePoint_x' | 'gazePoint_y' | 'gaze_on_script'>;
type CalibrationUpdate = Pick<Features, 'calibration' | 'gaze_drift_x' | 'gaze_drift_y'>;

const clamped = (px: number): number => Math.round(Math.max(-maxCoordinatePx, Math.min(maxCoordinatePx, px)));

export interface CalibratedGazeOptions {
  sessionId: string;
  examArea: ExamAreaSource | undefined;
  /** Unix epoch, milliseconds. */
  nowMs(): number;
  onState(state: Settled): void;
}

/** Gaze points of a calibrated session, and the correction of drift: small drift is corrected, large drift ends the calibration. */
export class CalibratedGaze {
  readonly #options: CalibratedGazeOptions;
  readonly #points = new GazePoints();
  #calibration: GazeCalibration | null;
  #drift: DriftState = startDrift();
  #state: Settled = { state: 'none' };
  #pendingPlaces: { place: PointPx; atMs: number }[] = [];
  #update: CalibrationUpdate = {};

  /** Restores the calibration that this tab made for the session, if there is one. */
  constructor(options: CalibratedGazeOptions) {
    this.#options = options;
    this.#calibration = calibrationStorage.read(options.sessionId, options.nowMs());
    if (this.#calibration !== null) this.#adopt(this.#calibration);
  }

  get state(): Settled {
    return this.#state;
  }

  /** Adopts the outcome of a calibration. A failed one replaces an earlier one too, because the student asked for a new one. */
  settle(outcome: CalibrationOutcome): void {
    this.#calibration = outcome.ok ? outcome.calibration : null;
    calibrationStorage.write(this.#options.sessionId, this.#calibration);
    if (outcome.ok) {
      this.#adopt(outcome.calibration);
    } else {
      const { reason, errorPx } = outcome;
      const errorDeg = errorPx === null ? null : degreesOf(errorPx);
      this.#update = { calibration: shortcomingFacts(outcome) };
      this.#setState({ state: 'too_poor', reason, errorPx, errorDeg });
    }
  }

  /** The student is looking at this place. @param atMs on the clock of the images. */
  noteKnownPlace(place: PointPx, atMs: number): void {
    if (this.#calibration !== null)
      this.#pendingPlaces = [...this.#pendingPlaces, { place, atMs }].slice(-maxPendingPlaces);
  }

  /**
   * The gaze point on the page, as fields of the frame; none while it is unknown.
   * @param atMs when the image was taken, on `performance.now()`.
   */
  gazePoint({ gaze_signal, gaze_direction }: FeatureReadings, isPageHidden: boolean, atMs: number): GazePointFields {
    const calibration = this.#calibration;
    if (calibration === null) return {};
    const viewport = viewportPlace();
    if (gaze_signal !== undefined) {
      const point = predictGaze(gaze_signal, calibration.weights);
      this.#points.add(movedPoint(point, calibration.viewport, viewport), atMs);
    } else if ((gaze_direction ?? null) === null) {
      this.#points.clear();
    }
    this.#correct(calibration, atMs);
    const point = isPageHidden || this.#calibration === null ? null : this.#points.now(atMs);
    if (point === null) return {};
    const { x, y } = this.#drift.offset;
    const seen = { x: clamped(point.x + x), y: clamped(point.y + y) };
    const area = examAreaNow(this.#options.examArea, viewport);
    return {
      gazePoint_x: seen.x,
      gazePoint_y: seen.y,
      gaze_on_script: isInArea(seen, area, calibration.errorPx) ? 1 : 0,
    };
  }

  /** Changes to the calibration itself, for the next frame. */
  takeUpdate(): CalibrationUpdate {
    const update = this.#update;
    this.#update = {};
    return update;
  }

  /** The session is over: deletes the stored calibration. */
  forget(): void {
    calibrationStorage.write(this.#options.sessionId, null);
  }

  #adopt(calibration: GazeCalibration): void {
    this.#drift = startDrift(calibration.drift);
    this.#points.clear();
    this.#pendingPlaces = [];
    this.#update = { calibration: calibrationFacts(calibration, 'calibrated') };
    if (calibration.drift.x !== 0 || calibration.drift.y !== 0)
      this.#update = { ...this.#update, ...this.#driftUpdate() };
    this.#setCalibrated(calibration);
  }

  #correct(calibration: GazeCalibration, atMs: number): void {
    const settled = this.#pendingPlaces.filter((known) => atMs - known.atMs >= settledAfterMs);
    if (settled.length === 0) return;
    this.#pendingPlaces = this.#pendingPlaces.filter((known) => !settled.includes(known));
    const before = this.#drift.offset;
    for (const known of settled) {
      const point = this.#points.around(known.atMs);
      if (point === null) continue;
      const missed = { x: known.place.x - point.x, y: known.place.y - point.y };
      this.#drift = stepDrift(this.#drift, { missed, atMs: known.atMs }, calibration.errorPx);
    }
    if (this.#drift.isTooFar) this.#giveUp(calibration);
    else if (
      clamped(before.x) !== clamped(this.#drift.offset.x) ||
      clamped(before.y) !== clamped(this.#drift.offset.y)
    ) {
      this.#calibration = { ...calibration, drift: this.#drift.offset };
      calibrationStorage.write(this.#options.sessionId, this.#calibration);
      this.#update = { ...this.#update, ...this.#driftUpdate() };
      this.#setCalibrated(this.#calibration);
    }
  }

  #giveUp(calibration: GazeCalibration): void {
    this.#calibration = null;
    calibrationStorage.write(this.#options.sessionId, null);
    this.#update = { calibration: calibrationFacts(calibration, 'drifted'), ...this.#driftUpdate() };
    const { x, y } = this.#drift.offset;
    this.#setState({ state: 'drifted', driftXPx: clamped(x), driftYPx: clamped(y) });
  }

  #driftUpdate(): CalibrationUpdate {
    const { x, y } = this.#drift.offset;
    return { gaze_drift_x: clamped(x), gaze_drift_y: clamped(y) };
  }

  #setCalibrated({ atMs, errorPx, samples, targets, drift }: GazeCalibration): void {
    const errorDeg = degreesOf(errorPx);
    const [driftXPx, driftYPx] = [clamped(drift.x), clamped(drift.y)];
    this.#setState({ state: 'calibrated', atMs, errorPx, errorDeg, samples, targets, driftXPx, driftYPx });
  }

  #setState(state: Settled): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
