import type { FeatureFrame, Features } from '@invigil/protocol/frame';
import type { RuleEvent } from '@invigil/protocol/rules';
import type { Violation } from '@invigil/protocol/channels';
import type { CalibrateOptions } from '../calibration/calibrate.ts';
import type { CalibrationState } from '../calibration/calibration-state.ts';
import type { Guidance } from './guidance.ts';
import type { DeliveryState } from '../connection/delivery-state.ts';
import type { PictureState } from '../thumbnails/thumbnail-state.ts';
import type { ProctorError } from '../errors/proctor-error.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { ProctorState } from './state.ts';

export interface ProctorEvents {
  /** A numbered frame; it is stored and will be sent. */
  frame: FeatureFrame;
  /** While checking: what is read, neither numbered nor stored. `timestamp`: Unix epoch, milliseconds. */
  reading: Features & { timestamp: number };
  observation: RuleEvent;
  /** What the page saw (another tab, a paste, …); it travels with the next frame. */
  violation: Violation;
  state: ProctorState;
  delivery: DeliveryState;
  /** Each step of a calibration and its end; later, each correction of drift. */
  calibration: CalibrationState;
  /** Messages of proctors, and whether breaks are allowed: all of it, whenever something of it changes. */
  guidance: Guidance;
  /** Whether pictures leave this device, told at each change and with each picture. */
  pictures: PictureState;
  /** Everything that went wrong; `recoverable` says whether the proctor goes on by itself. */
  error: ProctorError;
}

/** One sitting of one student in this page. */
export interface Proctor {
  /** Starts the worker, loads the models and warms them up. Calling it again gives the same promise. */
  prepare(): Promise<void>;
  /** Opens the camera and emits 'reading'; nothing is recorded or sent. */
  check(): Promise<void>;
  /**
   * Shows targets over the whole page, within `container`, and learns from the student's eyes where on the page they look; under
   * 30 s. Prepares and opens the camera if needed; nothing is sent, and recording has not begun. Feature frames of this session
   * then have `gazePoint_x`, `gazePoint_y` and `gaze_on_script`, in this page and in later ones of the same tab. Resolves with how
   * it ended: `calibrated`; `too_poor`, and the nine directions are read as without it; or, when the student stopped or skipped
   * it, what held before.
   */
  calibrate(container: Element, options?: CalibrateOptions): Promise<CalibrationState>;
  /**
   * Prepares if needed, opens the camera and starts recording and delivery. Resolves with state 'running'. A camera that
   * `check` opened is closed and opened again, unless `keepCamera` is set.
   */
  start(): Promise<void>;
  /** Closes the camera and the worker, and delivers what is left for at most `drainTimeoutMs`. Calling it again gives the same promise. */
  stop(): Promise<StopResult>;
  /**
   * A break: the camera is switched off, and one frame a second says that the time is a break. Whether the exam allows it is in
   * `guidance`; a proctor can ask for a break as well. Does nothing unless the sitting runs.
   */
  pause(): void;
  /** Ends the break. Rejects when the camera cannot be opened; the break then goes on. */
  resume(): Promise<void>;
  /** @returns a function that removes the listener. */
  on<E extends keyof ProctorEvents>(event: E, listener: (detail: ProctorEvents[E]) => void): () => void;
  readonly state: ProctorState;
  readonly delivery: DeliveryState;
  readonly calibration: CalibrationState;
  readonly guidance: Guidance;
  readonly pictures: PictureState;
}
