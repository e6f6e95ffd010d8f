import type { Features } from '@invigil/protocol/frame';
import type { FeatureReadings } from '../perception/feature-readings.ts';
import { calibrationStorage } from './calibration-storage.ts';
import type { CalibrationState } from './calibration-state.ts';
import { examAreaNow, isInArea } from './exam-area.ts';
import type { ExamAreaSource } from './exam-area.ts';
import { calibrationFacts, shortcomingFacts } from './gaze-calibration.ts';
import type { CalibrationOutcome, GazeCalibration } from './gaze-calibration.ts';
import { startDrift, stepDrift } from './gaze-drift.ts';
import type { DriftState } from './gaze-drift.ts';
import { predictGaze } from './gaze-fit.ts';
import { GazePoints, SETTLED_AFTER_MS } from './gaze-points.ts';
import type { PointPx } from './gaze-sample.ts';
import { degreesOf } from './viewing-angle.ts';
import { movedPoint, viewportPlace } from './viewport-place.ts';

/** Points further out than this say no more than their direction. */
const furthestPx = 20_000;
const mostWaiting = 20;

type Settled = Exclude<CalibrationState, { state: 'calibrating' }>;
type News = Pick<Features, 'calibration' | 'gaze_drift_x' | 'gaze_drift_y'>;

const held = (px: number): number => Math.round(Math.max(-furthestPx, Math.min(furthestPx, px)));

export interface CalibratedGazeOptions {
  sessionId: string;
  examArea: ExamAreaSource | undefined;
  /** Unix epoch, milliseconds. */
  nowMs(): number;
  onState(state: Settled): void;
}

/** Gaze points of a sitting that has been calibrated, and what becomes of the calibration: corrected, or given up. */
export class CalibratedGaze {
  readonly #parts: CalibratedGazeOptions;
  readonly #points = new GazePoints();
  #calibration: GazeCalibration | null;
  #drift: DriftState = startDrift();
  #state: Settled = { state: 'none' };
  #waiting: { place: PointPx; atMs: number }[] = [];
  #news: News = {};

  /** Goes on with the calibration that this tab made for the session, if there is one. */
  constructor(parts: CalibratedGazeOptions) {
    this.#parts = parts;
    this.#calibration = calibrationStorage.read(parts.sessionId, parts.nowMs());
    if (this.#calibration !== null) this.#take(this.#calibration);
  }

  get state(): Settled {
    return this.#state;
  }

  /** What a calibration came to. One that was too poor replaces an earlier one, since the student asked for it anew. */
  settle(outcome: CalibrationOutcome): void {
    this.#calibration = outcome.ok ? outcome.calibration : null;
    calibrationStorage.write(this.#parts.sessionId, this.#calibration);
    if (outcome.ok) {
      this.#take(outcome.calibration);
    } else {
      const { reason, errorPx } = outcome;
      const errorDeg = errorPx === null ? null : degreesOf(errorPx);
      this.#news = { calibration: shortcomingFacts(outcome) };
      this.#become({ state: 'too_poor', reason, errorPx, errorDeg });
    }
  }

  /** The student looks at this place now. @param atMs on the clock of the pictures. */
  noteKnownPlace(place: PointPx, atMs: number): void {
    if (this.#calibration !== null) this.#waiting = [...this.#waiting, { place, atMs }].slice(-mostWaiting);
  }

  /** The readings with a gaze point, where there is one, and without the signal that it was told from. */
  complete({ gaze_signal, ...readings }: FeatureReadings, atMs: number): Features {
    const calibration = this.#calibration;
    if (calibration === null) return readings;
    const viewport = viewportPlace();
    if (gaze_signal !== undefined) {
      const point = predictGaze(gaze_signal, calibration.weights);
      this.#points.add(movedPoint(point, calibration.viewport, viewport), atMs);
    } else if ((readings.gaze_direction ?? null) === null) {
      this.#points.clear();
    }
    this.#correct(calibration, atMs);
    const point = readings.page_hidden === 1 || this.#calibration === null ? null : this.#points.now(atMs);
    if (point === null) return readings;
    const { x, y } = this.#drift.offset;
    const seen = { x: held(point.x + x), y: held(point.y + y) };
    const area = examAreaNow(this.#parts.examArea, viewport);
    return {
      ...readings,
      gazePoint_x: seen.x,
      gazePoint_y: seen.y,
      gaze_on_script: isInArea(seen, area, calibration.errorPx) ? 1 : 0,
    };
  }

  /** What the next frame has to say of the calibration itself. */
  takeNews(): News {
    const news = this.#news;
    this.#news = {};
    return news;
  }

  /** The session is over; nothing of it stays on the device. */
  forget(): void {
    calibrationStorage.write(this.#parts.sessionId, null);
  }

  #take(calibration: GazeCalibration): void {
    this.#drift = startDrift(calibration.drift);
    this.#points.clear();
    this.#waiting = [];
    this.#news = { calibration: calibrationFacts(calibration, 'calibrated') };
    if (calibration.drift.x !== 0 || calibration.drift.y !== 0) this.#news = { ...this.#news, ...this.#driftNews() };
    this.#tellCalibrated(calibration);
  }

  #correct(calibration: GazeCalibration, atMs: number): void {
    const settled = this.#waiting.filter((known) => atMs - known.atMs >= SETTLED_AFTER_MS);
    if (settled.length === 0) return;
    this.#waiting = this.#waiting.filter((known) => !settled.includes(known));
    const before = this.#drift.offset;
    for (const known of settled) {
      const point = this.#points.around(known.atMs);
      if (point === null) continue;
      const missed = { x: known.place.x - point.x, y: known.place.y - point.y };
      this.#drift = stepDrift(this.#drift, { missed, atMs: known.atMs }, calibration.errorPx);
    }
    if (this.#drift.isTooFar) this.#giveUp(calibration);
    else if (held(before.x) !== held(this.#drift.offset.x) || held(before.y) !== held(this.#drift.offset.y)) {
      this.#calibration = { ...calibration, drift: this.#drift.offset };
      calibrationStorage.write(this.#parts.sessionId, this.#calibration);
      this.#news = { ...this.#news, ...this.#driftNews() };
      this.#tellCalibrated(this.#calibration);
    }
  }

  #giveUp(calibration: GazeCalibration): void {
    this.#calibration = null;
    calibrationStorage.write(this.#parts.sessionId, null);
    this.#news = { calibration: calibrationFacts(calibration, 'drifted'), ...this.#driftNews() };
    const { x, y } = this.#drift.offset;
    this.#become({ state: 'drifted', driftXPx: held(x), driftYPx: held(y) });
  }

  #driftNews(): News {
    const { x, y } = this.#drift.offset;
    return { gaze_drift_x: held(x), gaze_drift_y: held(y) };
  }

  #tellCalibrated({ atMs, errorPx, samples, targets, drift }: GazeCalibration): void {
    const errorDeg = degreesOf(errorPx);
    const [driftXPx, driftYPx] = [held(drift.x), held(drift.y)];
    this.#become({ state: 'calibrated', atMs, errorPx, errorDeg, samples, targets, driftXPx, driftYPx });
  }

  #become(state: Settled): void {
    this.#state = state;
    this.#parts.onState(state);
  }
}
