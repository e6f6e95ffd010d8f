import type { GazeSignal } from '../perception/gaze/gaze-signal.ts';
import { fitGaze } from './gaze-fit.ts';
import { predictGaze } from './predict-gaze.ts';
import { distancePx, median } from './gaze-sample.ts';
import type { GazeSample, PointPx } from './gaze-sample.ts';

/** The eyes in one image. Without a signal they could not be measured; closed eyes have no gaze. */
export interface GazeReading {
  /** When the image was taken, on `performance.now()`. */
  atMs: number;
  signal: GazeSignal | null;
  eyesClosed: boolean;
}

/** When a still target could be looked at: from when the eyes have arrived until it disappears. */
export interface StillTarget {
  target: PointPx;
  fromMs: number;
  toMs: number;
}

export interface MovingTarget {
  fromMs: number;
  toMs: number;
  /** CSS pixels. */
  at(atMs: number): PointPx;
}

/** Moving lids shift the iris: readings this close to closed eyes are excluded. */
const blinkMarginMs = 180;
/** Readings of one still target that are further from its median than this many median deviations. */
const stray = 4;
/** Eyes follow a moving target with a delay. */
const lagsMs = [0, 50, 100, 150, 200, 250, 300] as const;
/** The eyes first have to catch up with the moving target. */
const catchMs = 600;
const stretches = 4;
/** The target counts as followed if the still targets' fit predicts it about as well as the still targets. */
const followedRatio = 1.8;

type Seen = GazeReading & { signal: GazeSignal };

/** Readings with open eyes, except those next to a blink. */
export const openEyes = (readings: readonly GazeReading[]): Seen[] => {
  const closedMs = readings.filter(({ eyesClosed }) => eyesClosed).map(({ atMs }) => atMs);
  return readings.filter(
    (reading): reading is Seen =>
      reading.signal !== null &&
      !reading.eyesClosed &&
      closedMs.every((ms) => Math.abs(ms - reading.atMs) > blinkMarginMs),
  );
};

const withoutStrays = (readings: readonly Seen[]): Seen[] => {
  const middle = {
    x: median(readings.map(({ signal }) => signal.sightXCm)),
    y: median(readings.map(({ signal }) => signal.sightYCm)),
  };
  const away = readings.map(({ signal }) => distancePx({ x: signal.sightXCm, y: signal.sightYCm }, middle));
  const limit = stray * median(away);
  return readings.filter((_, index) => away[index]! <= limit);
};

/** @param fewest readings that make a target count. */
export const stillSamples = (
  readings: readonly GazeReading[],
  targets: readonly StillTarget[],
  fewest: number,
): GazeSample[] => {
  const open = openEyes(readings);
  return targets.flatMap(({ target, fromMs, toMs }, index) => {
    const here = withoutStrays(open.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs));
    return here.length < fewest ? [] : here.map(({ signal }) => ({ signal, target, group: `still ${index}` }));
  });
};

/** None if the student did not follow it, judged by the still targets' fit. */
export const movingSamples = (
  readings: readonly GazeReading[],
  moving: MovingTarget,
  still: readonly GazeSample[],
): GazeSample[] => {
  const fit = fitGaze(still);
  if (fit === null) return [];
  const followed = openEyes(readings).filter(({ atMs }) => atMs >= moving.fromMs + catchMs && atMs <= moving.toMs);
  if (followed.length === 0) return [];
  const errorsPx = lagsMs.map((lagMs) =>
    median(followed.map(({ signal, atMs }) => distancePx(predictGaze(signal, fit.weights), moving.at(atMs - lagMs)))),
  );
  const leastPx = Math.min(...errorsPx);
  if (leastPx > followedRatio * fit.heldOutErrorPx) return [];
  const lagMs = lagsMs[errorsPx.indexOf(leastPx)] ?? 0;
  const stretchMs = (moving.toMs - moving.fromMs) / stretches;
  return followed.map(({ signal, atMs }) => ({
    signal,
    target: moving.at(atMs - lagMs),
    group: `moving ${Math.min(stretches - 1, Math.floor((atMs - moving.fromMs) / stretchMs))}`,
  }));
};
