import * as v from 'valibot';
import { OBSERVATION_TYPES } from './observation.ts';
import type { ObservationType } from './observation.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * A student's agreed accommodations: rules that are off, and rules that need longer. Named in the report, so that a reader
 * knows what was looked for.
 */
export const AccommodationSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  off: v.optional(v.array(v.picklist(OBSERVATION_TYPES)), []),
  /** Factor on a rule's minimum duration, 1–10. */
  longer: v.optional(v.record(v.picklist(OBSERVATION_TYPES), v.pipe(v.number(), v.minValue(1), v.maxValue(10))), {}),
});
export type Accommodation = v.InferOutput<typeof AccommodationSchema>;

/** The rules that hold for a student with these accommodations. */
export const accommodate = (set: RuleSet, accommodations: readonly Accommodation[]): RuleSet => {
  const off = new Set(accommodations.flatMap((accommodation) => accommodation.off));
  const factorOf = (type: ObservationType): number =>
    Math.max(1, ...accommodations.map(({ longer }) => longer[type] ?? 1));
  return {
    ...set,
    streamGapMs: off.has('stream_gap') || set.streamGapMs === null ? null : set.streamGapMs * factorOf('stream_gap'),
    rules: set.rules
      .filter((rule) => !off.has(rule.type))
      .map((rule) => {
        const factor = factorOf(rule.type);
        return factor === 1 ? rule : { ...rule, minDurationMs: rule.minDurationMs * factor };
      }),
  };
};
