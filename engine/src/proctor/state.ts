import type { CameraState } from '../camera/camera-state.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { ProctorError } from '../errors/proctor-error.ts';
import type { EngineFacts, LoadProgress } from '../worker/perception.ts';

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
