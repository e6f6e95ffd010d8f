import type { ProctorError } from './errors.ts';
import type { EngineFacts, LoadProgress } from '../worker/perception.ts';

/** What became of the frames of one sitting. */
export interface StopResult {
  /** Frames that this page knows to be stored by the server. */
  delivered: number;
  /** Frames still on this device; they are sent when the session is opened here again. */
  waiting: number;
  /** Frames that were given up; their reasons are in the delivery state. */
  lost: number;
  /** Head of the chain over everything that was sent, as the server last said: a receipt. Null when it never answered. */
  chain: string | null;
}

export type ClosedReason = 'stopped' | 'session_ended';

/** The life of one sitting. */
export type ProctorState =
  | { state: 'idle' }
  | { state: 'preparing'; progress: LoadProgress }
  | { state: 'ready'; engine: EngineFacts }
  /** The camera is open for looking at it; nothing is stored or sent. */
  | { state: 'checking'; engine: EngineFacts; camera: CameraState }
  /** The student follows the targets; nothing is stored or sent. */
  | { state: 'calibrating'; engine: EngineFacts; camera: CameraState }
  /**
   * Frames are numbered, stored and sent. `sinceMs`: Unix epoch. `breakSinceMs`: the same, while the student has a break: the camera
   * is off, and frames say that; otherwise null.
   */
  | { state: 'running'; engine: EngineFacts; sinceMs: number; camera: CameraState; breakSinceMs: number | null }
  | { state: 'ending'; reason: ClosedReason }
  | { state: 'closed'; reason: ClosedReason; result: StopResult }
  | { state: 'failed'; error: ProctorError };

export type CameraState =
  | { state: 'starting' }
  | { state: 'on'; label: string; widthPx: number; heightPx: number; frameRateHz: number | null }
  /** Gone in mid-session; it is taken up again when it is back. `sinceMs`: Unix epoch. */
  | { state: 'lost'; sinceMs: number };
