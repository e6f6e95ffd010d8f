import type { GazeCalibration } from './gaze-calibration.ts';
import { featurePenalties } from './gaze-features.ts';

/** Incremented when stored calibrations would be misread. */
const version = 1;
/** Length of a session; people sit differently the next day. */
const lifeMs = 6 * 3_600_000;

const keyOf = (sessionId: string): string => `invigil-calibration:${sessionId}`;

const isUsable = (stored: Partial<GazeCalibration> & { version?: number }, nowMs: number): boolean =>
  stored.version === version &&
  Array.isArray(stored.weights) &&
  stored.weights.length === featurePenalties.length * 2 &&
  stored.weights.every(Number.isFinite) &&
  nowMs - (stored.atMs ?? 0) < lifeMs;

/** The calibration of one session in this tab: made by an earlier page of it, or before a reload. */
export const calibrationStorage = {
  read: (sessionId: string, nowMs: number): GazeCalibration | null => {
    try {
      const text = sessionStorage.getItem(keyOf(sessionId));
      const stored = text === null ? null : (JSON.parse(text) as GazeCalibration & { version: number });
      return stored !== null && isUsable(stored, nowMs) ? stored : null;
    } catch {
      // Storage is blocked, or this key holds some other value: treat the session as not calibrated.
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
