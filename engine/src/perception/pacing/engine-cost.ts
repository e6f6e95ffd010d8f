import { AchievedRates } from './achieved-rates.ts';
import type { Work } from './achieved-rates.ts';
import type { DetectorPacer, RunOutcome } from './detector-pacer.ts';
import { rounded, roundedOrNull } from '../readings/rounded.ts';
import type { FeatureReadings } from '../readings/feature-readings.ts';

/** Rates change slowly, and would make up a third of each frame if every frame held them. */
const statedEveryMs = 2000;

/** The cost of image analysis, for the pacer and for the frames. */
export class EngineCost {
  readonly #pacer: DetectorPacer;
  readonly #rates = new AchievedRates();
  #lastMs: Record<Work, number | null> = { face: null, phone: null, hands: null };
  #ratesStatedMs = -Infinity;

  constructor(pacer: DetectorPacer) {
    this.#pacer = pacer;
  }

  frameRead(atMs: number, costMs: number, withIrises: boolean): void {
    this.#pacer.frameRead(atMs, costMs, withIrises);
    this.#note('face', atMs, costMs);
  }

  ran(detector: 'phone' | 'hands', atMs: number, costMs: number, outcome: RunOutcome): void {
    this.#pacer.ran(detector, atMs, costMs, outcome);
    this.#note(detector, atMs, costMs);
  }

  readings(atMs: number, latencyMs: number): FeatureReadings {
    const { face, phone, hands } = this.#lastMs;
    return {
      engine_latency_ms: rounded(latencyMs, 1),
      engine_face_ms: roundedOrNull(face, 1),
      engine_object_ms: roundedOrNull(phone, 1),
      engine_hand_ms: roundedOrNull(hands, 1),
      ...this.#rateReadings(atMs),
    };
  }

  #note(work: Work, atMs: number, costMs: number): void {
    this.#lastMs[work] = costMs;
    this.#rates.ran(work, atMs, costMs);
  }

  #rateReadings(atMs: number): FeatureReadings {
    if (atMs - this.#ratesStatedMs < statedEveryMs) return {};
    this.#ratesStatedMs = atMs;
    return {
      engine_face_hz: roundedOrNull(this.#rates.rateHz('face', atMs), 1),
      engine_object_hz: roundedOrNull(this.#rates.rateHz('phone', atMs), 1),
      engine_hand_hz: roundedOrNull(this.#rates.rateHz('hands', atMs), 1),
      engine_face_plan_hz: rounded(this.#pacer.faceHz(), 1),
      engine_object_plan_hz: rounded(this.#pacer.rateHz('phone'), 2),
      engine_hand_plan_hz: rounded(this.#pacer.rateHz('hands'), 2),
      engine_load: roundedOrNull(this.#rates.load(atMs), 3),
      engine_budget: rounded(this.#pacer.budget, 3),
    };
  }
}
