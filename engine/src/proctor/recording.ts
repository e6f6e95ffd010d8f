import { currentRuleSet, endRules, stepRules } from '@invigil/protocol/rules';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { RuleEvent, RuleSetState } from '@invigil/protocol/rules';
import { compactReadings } from './compact-readings.ts';
import type { Delivery } from '../connection/delivery.ts';
import type { Moment } from './frame-loop.ts';
import type { FeatureReadings } from '../perception/feature-readings.ts';

export interface RecordingListeners {
  onFrame(frame: FeatureFrame): void;
  onObservation(event: RuleEvent): void;
}

/** ConnectionOrder readings into numbered frames, hands them to delivery, and watches them with the rules that the server uses too. */
export class Recording {
  readonly #delivery: Delivery;
  readonly #listeners: RecordingListeners;
  #rules: RuleSetState = {};
  #lastMs = -Infinity;

  constructor(delivery: Delivery, listeners: RecordingListeners) {
    this.#delivery = delivery;
    this.#listeners = listeners;
  }

  record(readings: FeatureReadings, at: Moment): void {
    const frame = this.#delivery.record(compactReadings(readings), at.wallMs, at.monotonicMs);
    this.#listeners.onFrame(frame);
    // The clock was found to be wrong, and the frames before were moved back: what was going on is told by the server's rules.
    if (Number(frame.timestamp) < this.#lastMs) this.end();
    this.#lastMs = Number(frame.timestamp);
    const { state, events } = stepRules(currentRuleSet, this.#rules, { ...frame, frame_id: String(frame.seq) });
    this.#rules = state;
    this.#tell(events);
  }

  /** Closes the observations that are still going on. */
  end(): void {
    this.#tell(endRules(currentRuleSet, this.#rules));
    this.#rules = {};
  }

  #tell(events: readonly RuleEvent[]): void {
    for (const event of events) {
      this.#delivery.observed(event);
      this.#listeners.onObservation(event);
    }
  }
}
