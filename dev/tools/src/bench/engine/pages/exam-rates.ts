import type { FeatureReadings } from '@invigil/engine/testing/perception';
import type { ExamBudget } from './bench-page.ts';

const detectors = ['face', 'object', 'hand'] as const;
type Detector = (typeof detectors)[number];

interface Seen {
  lastMs: number | null;
  costsMs: number[];
  plansHz: number[];
}

const unseen = (lastMs: number | null): Seen => ({ lastMs, costsMs: [], plansHz: [] });

/** Collects from the frames of one exam each detector's planned rate, how often it ran and how long a run took. */
export class ExamRates {
  #seen: Record<Detector, Seen> = { face: unseen(null), object: unseen(null), hand: unseen(null) };

  begin(): void {
    for (const detector of detectors) this.#seen[detector] = unseen(this.#seen[detector].lastMs);
  }

  /** A frame states how long each detector's last run took: a new figure is a new run. */
  add(readings: FeatureReadings): void {
    for (const detector of detectors) {
      const seen = this.#seen[detector];
      const [ms, planHz] = [readings[`engine_${detector}_ms`] ?? null, readings[`engine_${detector}_plan_hz`] ?? null];
      if (ms !== null && ms !== seen.lastMs) {
        seen.costsMs.push(ms);
        seen.lastMs = ms;
      }
      if (planHz !== null) seen.plansHz.push(planHz);
    }
  }

  over(seconds: number): ExamBudget {
    const mean = (values: readonly number[]): number | null =>
      values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    return Object.fromEntries(
      detectors.map((detector) => {
        const { costsMs, plansHz } = this.#seen[detector];
        return [
          detector,
          { planned_hz: mean(plansHz), achieved_hz: costsMs.length / seconds, ms_per_run: mean(costsMs) },
        ];
      }),
    );
  }
}
