import type { CameraState } from '../camera/camera-state.ts';
import { asProctorError } from '../errors/proctor-error.ts';
import type { ProctorError } from '../errors/proctor-error.ts';
import type { EngineFacts } from '../worker/perception.ts';
import type { RunningSession } from './running-session.ts';
import type { ProctorState } from './state.ts';

export interface ResumeOptions {
  running: Pick<RunningSession, 'endBreak' | 'regain'>;
  state: () => ProctorState;
  load: () => Promise<EngineFacts>;
  openCamera: () => Promise<void>;
  closeCamera: () => void;
  camera: () => CameraState;
  onError: (error: ProctorError) => void;
}

/**
 * Ends the break, or tries the camera and the image analysis that the session has run without. After an error, which is also
 * reported, the session stays as it is. @returns the new state; null if nothing changed, or the session ended meanwhile
 */
export const resumeSession = async (resume: ResumeOptions): Promise<ProctorState | null> => {
  const { running, state, load, openCamera, closeCamera, camera, onError } = resume;
  const before = state();
  if (before.state !== 'running' || (before.breakSinceMs === null && before.missing === null)) return null;
  const isRegaining = before.breakSinceMs === null;
  let { engine } = before;
  try {
    if (isRegaining) engine = await load();
    if (isRegaining || before.missing === null) await openCamera();
  } catch (cause) {
    const error = asProctorError(cause);
    onError(error);
    throw error;
  }
  const now = state();
  if (now.state !== 'running') return null;
  if (!isRegaining) {
    running.endBreak();
    return { ...now, camera: camera(), breakSinceMs: null };
  }
  // A break began meanwhile: the camera opens when it ends.
  if (now.breakSinceMs !== null) closeCamera();
  running.regain();
  return { ...now, camera: camera(), engine, missing: null };
};
