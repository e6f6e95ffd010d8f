import type { CameraState, CameraWait } from '../camera/camera-state.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { ProctorError } from '../errors/proctor-error.ts';
import type { Lack, MissingPart } from './missing-part.ts';
import type { EngineFacts, LoadProgress, PerceptionEvents } from '../worker/perception.ts';

export type ClosedReason = 'stopped' | 'session_ended';

/** The life of one session in this page. */
export type ProctorState =
  | { state: 'idle' }
  | { state: 'preparing'; progress: LoadProgress }
  /** `waitingFor`: the camera is being opened, and this must happen first. */
  | { state: 'ready'; engine: EngineFacts; waitingFor?: CameraWait }
  /** The camera is open for a check; nothing is stored or sent. */
  | { state: 'checking'; engine: EngineFacts; camera: CameraState }
  /** The student follows the calibration targets; nothing is stored or sent. */
  | { state: 'calibrating'; engine: EngineFacts; camera: CameraState }
  /**
   * Frames are numbered, stored and sent. `sinceMs`: Unix epoch. `breakSinceMs`: Unix epoch, while the student is on a
   * break (the camera is off, and frames record the break); otherwise null.
   */
  | {
      state: 'running';
      /** Null without image analysis. */
      engine: EngineFacts | null;
      sinceMs: number;
      camera: CameraState;
      breakSinceMs: number | null;
      /** What the session runs without, as the exam's policy allows; null: nothing is missing. */
      missing: MissingPart | null;
    }
  | { state: 'ending'; reason: ClosedReason }
  | { state: 'closed'; reason: ClosedReason; result: StopResult }
  /** `lack`: the missing part that prevents the start. Absent for other failures, or if the server did not answer. */
  | { state: 'failed'; error: ProctorError; lack?: Lack };

/** The state with a detector's changed capability; unchanged if it has no engine. */
export const withCapability = (
  state: ProctorState,
  { detector, capability }: PerceptionEvents['capability'],
): ProctorState => {
  if (!('engine' in state) || state.engine === null) return state;
  const { engine } = state;
  return { ...state, engine: { ...engine, capabilities: { ...engine.capabilities, [detector]: capability } } };
};

/** The state `ready` with the step that opening the camera is waiting for; any other state is unchanged. */
export const withCameraWait = (state: ProctorState, wait: CameraWait | null): ProctorState => {
  if (state.state !== 'ready') return state;
  const { engine } = state;
  return wait === null ? { state: 'ready', engine } : { state: 'ready', engine, waitingFor: wait };
};

/** The state with the camera's new state; unchanged if the camera is not in use. */
export const withCamera = (state: ProctorState, camera: CameraState): ProctorState =>
  'camera' in state ? { ...state, camera } : state;
