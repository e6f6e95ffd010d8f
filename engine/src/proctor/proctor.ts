import type { FeatureFrame, Features } from '@invigil/protocol/frame';
import type { RuleEvent } from '@invigil/protocol/rules';
import type { Violation } from '@invigil/protocol/channels';
import type { CalibrateOptions } from '../calibration/calibrate.ts';
import type { CalibrationState } from '../calibration/calibration-state.ts';
import type { Cameras } from '../camera/camera-list.ts';
import type { DeliveryState } from '../connection/delivery-state.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { ProctorError } from '../errors/proctor-error.ts';
import type { PictureState } from '../thumbnails/thumbnail-state.ts';
import type { Guidance } from './guidance.ts';
import type { MissingPart } from './missing-part.ts';
import type { ProctorState } from './state.ts';

/** Events of a proctor, with what their listeners receive. */
export interface ProctorEvents {
  /** A numbered frame. It is stored and will be sent. */
  frame: FeatureFrame;
  /** During the check: the readings of one image, not stored or sent. `timestamp`: Unix epoch, milliseconds. */
  reading: Features & { timestamp: number };
  observation: RuleEvent;
  /** A violation that the page detected (a tab switch, a paste, …). It is sent with the next frame. */
  violation: Violation;
  state: ProctorState;
  delivery: DeliveryState;
  /** Each step of a calibration and its outcome; later, each drift correction. */
  calibration: CalibrationState;
  /** All of the proctors' messages, and whether breaks are allowed; emitted on each change. */
  guidance: Guidance;
  /** The cameras that the student can choose from: once one was opened, and on each change. */
  cameras: Cameras;
  /** Whether thumbnails are sent from this device: on each change, and with each thumbnail. */
  pictures: PictureState;
  /** Everything that went wrong. With `recoverable`, the proctor continues by itself. */
  error: ProctorError;
}

export interface StartOptions {
  /**
   * Starts without this part, if the exam's policy allows it (`policy.may_run_without`); frames then state the time as not observed.
   * Ignored if the policy does not allow it.
   */
  without?: MissingPart | null;
}

/** One student's session in this page. */
export interface Proctor {
  /** Starts the worker, loads the models and warms them up. Further calls return the same promise. */
  prepare(): Promise<void>;
  /** Opens the camera and emits `reading`; nothing is recorded or sent. */
  check(): Promise<void>;
  /**
   * Shows targets over the whole page, within `container`, and learns to map the student's gaze to the page; takes
   * under 30 s. Prepares and opens the camera if needed; nothing is sent, and recording must not have begun. Feature
   * frames of this session then have `gazePoint_x`, `gazePoint_y` and `gaze_on_script`, on this page and on later ones
   * of the same tab.
   * @returns the outcome: `calibrated`; `too_poor`, and frames keep the nine directions only; or the previous state, if
   * the student stopped or skipped it.
   */
  calibrate(container: Element, options?: CalibrateOptions): Promise<CalibrationState>;
  /**
   * Prepares if needed, opens the camera and begins to record and deliver. Resolves with state `running`. A camera that `check`
   * opened is closed and reopened, unless `keepCamera` is set. After a failure, the state's `lack` says whether `without` is allowed.
   */
  start(options?: StartOptions): Promise<void>;
  /** Closes the camera and the worker, and delivers pending frames for at most `drainTimeoutMs`. Further calls return the same promise. */
  stop(): Promise<StopResult>;
  /**
   * Begins a break: the camera is switched off, and one frame per second records it. `guidance` states whether the exam
   * allows breaks; a proctor can also begin one. Does nothing unless the session is running.
   */
  pause(): void;
  /**
   * Ends the break, or tries the camera and the image analysis that the session runs without. Rejects if they do not work; nothing
   * changes then.
   */
  resume(): Promise<void>;
  /**
   * Uses another camera of `cameras`, at once if one is open, and on this site's next pages. Rejects, and keeps the current one,
   * if it cannot be opened.
   * @example picker.onchange = () => proctor.chooseCamera(picker.value);
   */
  chooseCamera(deviceId: string): Promise<void>;
  /** @returns a function that removes the listener. */
  on<E extends keyof ProctorEvents>(event: E, listener: (detail: ProctorEvents[E]) => void): () => void;
  readonly state: ProctorState;
  readonly delivery: DeliveryState;
  readonly calibration: CalibrationState;
  readonly guidance: Guidance;
  readonly cameras: Cameras;
  readonly pictures: PictureState;
}
