import type { GazeCalibration } from './gaze-calibration.ts';
import { featurePenalties } from './gaze-features.ts';

/** Counts up when stored calibrations would be read wrongly. */
const version = 1;
/** A sitting's length; people sit differently the next day. */
const lifeMs = 6 * 3_600_000;

const keyOf = (sessionId: string): string => `invigil-calibration:${sessionId}`;

const isUsable = (stored: Partial<GazeCalibration> & { version?: number }, nowMs: number): boolean =>
  stored.version === version &&
  Array.isArray(stored.weights) &&
  stored.weights.length === featurePenalties.length * 2 &&
  stored.weights.every(Number.isFinite) &&
  nowMs - (stored.atMs ?? 0) < lifeMs;

/** The calibration of one session in this tab: made on the page before, or before a reload. */
export const calibrationStorage = {
  read: (sessionId: string, nowMs: number): GazeCalibration | null => {
    try {
      const text = sessionStorage.getItem(keyOf(sessionId));
      const stored = text === null ? null : (JSON.parse(text) as GazeCalibration & { version: number });
      return stored !== null && isUsable(stored, nowMs) ? stored : null;
    } catch {
      // A page that may store nothing, or something else under this name: as if not calibrated.
      return null;
    }
  },
  write: (sessionId: string, calibration: GazeCalibration | null): void => {
    try {
      if (calibration === null) sessionStorage.removeItem(keyOf(sessionId));
      else sessionStorage.setItem(keyOf(sessionId), JSON.stringify({ version, ...calibration }));
    } catch {
      // The calibration then lasts as long as the page.
    }
  },
};
