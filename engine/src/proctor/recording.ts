import type { Violation } from '@invigil/protocol/channels';
import type { FeatureFrame, UnknownReason } from '@invigil/protocol/frame';
import { currentRuleSet, endRules, stepRules } from '@invigil/protocol/rules';
import type { RuleEvent, RuleSetState } from '@invigil/protocol/rules';
import type { SessionGaze } from '../calibration/session-gaze.ts';
import type { CameraState } from '../camera/camera-state.ts';
import type { Delivery } from '../connection/delivery.ts';
import type { PageSignals } from '../page-signals/page-signals.ts';
import { pageHidden } from '../page-signals/page-visibility.ts';
import { standstillMs } from '../page-signals/suspension.ts';
import type { Suspension } from '../page-signals/suspension.ts';
import type { PowerHints } from '../power/power-hints.ts';
import type { Timers } from '../timing/timers.ts';
import { assembleFrame } from './assemble-frame.ts';
import type { FrameParts } from './assemble-frame.ts';
import type { LoopReading } from './frame-loop.ts';

export interface RecordingOptions {
  delivery: Delivery;
  camera: { readonly camera: CameraState; readonly deviceCount: number | null };
  gaze: SessionGaze;
  /** Null if the page turned them off. */
  signals: PageSignals | null;
  power: PowerHints;
  suspension: Pick<Suspension, 'take'>;
  timers: Timers;
  onFrame: (frame: FeatureFrame) => void;
  onObservation: (event: RuleEvent) => void;
  onViolation: (violation: Violation) => void;
}

/** Records readings: assembles frames, hands them to delivery, and runs the same rules over them as the server. */
export class Recording {
  readonly #options: RecordingOptions;
  #rules: RuleSetState = {};
  #lastMs = -Infinity;

  constructor(options: RecordingOptions) {
    this.#options = options;
  }

  /** One reading of the frame loop. */
  readonly record = ({ readings, at, latencyMs, skipped }: LoopReading): void => {
    const { camera, gaze, signals } = this.#options;
    const hidden = pageHidden();
    this.#add(at, {
      readings,
      loop: { latencyMs, skipped },
      camera: { state: camera.camera, deviceCount: camera.deviceCount },
      pageHidden: hidden,
      gazePoint: gaze.gazePoint(readings, hidden === 1, at.monotonicMs),
      violations: signals?.take() ?? [],
    });
  };

  /** States that the camera is off on purpose. What the student does with the page during a break is not recorded. */
  recordBreak(): void {
    this.discardSignals();
    this.#addWithoutImage('paused', []);
  }

  /** States that the session runs without a camera or image analysis. Page signals are recorded as usual. */
  recordMissing(reason: 'no_camera' | 'no_image_analysis'): void {
    this.#addWithoutImage(reason, this.#options.signals?.take() ?? []);
  }

  /** The first frame of a break carries the page signals from before the break. */
  beginBreak(): void {
    this.#addWithoutImage('paused', this.#options.signals?.takeLast() ?? []);
  }

  /** Discards the page signals so far: they are from a break. */
  discardSignals(): void {
    this.#options.signals?.forget();
  }

  /** Records the page signals since the last image. */
  recordLastSignals(): void {
    const violations = this.#options.signals?.takeLast() ?? [];
    if (violations.length > 0) this.#addWithoutImage('paused', violations);
  }

  /** Closes the observations that are still open. */
  end(): void {
    this.#publish(endRules(currentRuleSet, this.#rules));
    this.#rules = {};
  }

  #addWithoutImage(reason: UnknownReason, violations: readonly Violation[]): void {
    const at = { wallMs: this.#options.timers.nowMs(), monotonicMs: performance.now() };
    this.#add(at, { readings: { not_observed: reason }, pageHidden: pageHidden(), violations });
  }

  /** The first frame after a suspension states it, so that the time before it is accounted for. */
  #add(at: LoopReading['at'], parts: Omit<FrameParts, 'stamp'>): void {
    if (!this.#options.suspension.take()) return this.#append(at, parts);
    const now = { wallMs: this.#options.timers.nowMs(), monotonicMs: performance.now() };
    const suspended: Omit<FrameParts, 'stamp'> = { readings: { not_observed: 'page_suspended' } };
    // A reading that was under way when the page was suspended belongs to the time before.
    if (now.monotonicMs - at.monotonicMs > standstillMs) {
      this.#append(at, parts);
      this.#append(now, suspended);
    } else {
      this.#append(at, suspended);
      this.#append(at, parts);
    }
  }

  #append(at: LoopReading['at'], parts: Omit<FrameParts, 'stamp'>): void {
    const { delivery, gaze, signals, power, onFrame, onViolation } = this.#options;
    for (const violation of parts.violations ?? []) onViolation(violation);
    const violationsDropped = signals?.takeDropped() ?? 0;
    const calibration = gaze.takeUpdate();
    const budgetHint = power.limit.hint;
    const { missing } = delivery;
    const frame = delivery.record(at, (stamp) =>
      assembleFrame({ ...parts, stamp, violationsDropped, calibration, missing, budgetHint }),
    );
    onFrame(frame);
    // The clock and earlier frames were set back, so only the server's rules can still process the frames in order.
    if (frame.timestamp < this.#lastMs) this.end();
    this.#lastMs = frame.timestamp;
    const { state, events } = stepRules(currentRuleSet, this.#rules, { ...frame, frame_id: String(frame.seq) });
    this.#rules = state;
    this.#publish(events);
  }

  #publish(events: readonly RuleEvent[]): void {
    for (const event of events) {
      // The student's baseline excuses this observation, so it is only a note for the reviewer.
      if (event.observation.usual === true) continue;
      this.#options.delivery.observed(event);
      this.#options.onObservation(event);
    }
  }
}
