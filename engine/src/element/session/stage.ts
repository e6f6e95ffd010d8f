import type { CameraWait } from '../../camera/camera-state.ts';
import type { ProctorFailure } from '../../errors/proctor-error.ts';
import type { StopResult } from '../../connection/stop-result.ts';
import type { Lack, MissingPart } from '../../proctor/missing-part.ts';
import type { ClosedReason } from '../../proctor/state.ts';
import type { EngineFacts, LoadProgress } from '../../worker/perception.ts';

/** Where the student is in the session. Each stage is one view of the element. */
export type Stage =
  /** Nothing is loaded, opened or sent. */
  | { stage: 'consent' }
  /** The student does not agree. Nothing was loaded, opened or sent. */
  | { stage: 'declined' }
  /** `progress` is null while the session is being created. `waitingFor`: what must happen before the camera opens. */
  | { stage: 'preparing'; progress: LoadProgress | null; waitingFor?: CameraWait }
  /** `sinceMs`, and `breakSinceMs` while the student has a break: Unix epoch. */
  | {
      stage: 'running';
      sinceMs: number;
      breakSinceMs: number | null;
      /** Null without image analysis. */
      capabilities: EngineFacts['capabilities'] | null;
      /** What the session runs without. */
      missing: MissingPart | null;
    }
  | { stage: 'ending' }
  | { stage: 'closed'; reason: ClosedReason; result: StopResult }
  /** The page could not name a session. `detail` is for the developer. */
  | { stage: 'not_started'; detail: string }
  /** `lack`: the part that is missing, and whether the exam's policy allows to continue without it. */
  | { stage: 'failed'; reason: ProctorFailure; detail: string | null; lack?: Lack };

export type StageName = Stage['stage'];
