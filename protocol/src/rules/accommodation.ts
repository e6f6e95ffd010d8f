import * as v from 'valibot';
import { observationTypes } from './observation.ts';
import type { ObservationType } from './observation.ts';
import type { Rule } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

/**
 * An accommodation agreed with a student: rules to switch off, and rules that need a longer duration. The report lists
 * accommodations by name, so that readers can see which rules applied.
 */
export const AccommodationSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  off: v.optional(v.array(v.picklist(observationTypes)), []),
  /** Factor on a rule's minimum duration, 1–10, by observation type. */
  longer: v.optional(v.record(v.picklist(observationTypes), v.pipe(v.number(), v.minValue(1), v.maxValue(10))), {}),
});
export type Accommodation = v.InferOutput<typeof AccommodationSchema>;

/**
 * The rule set for a student with these accommodations. If several name the same rule, the largest factor applies.
 *
 * @example
 * const set = accommodate(currentRuleSet, [{ name: 'neck injury', off: ['head_turned'], longer: { looking_away: 4 } }]);
 */
export const accommodate = (set: RuleSet, accommodations: readonly Accommodation[]): RuleSet => {
  const off = new Set(accommodations.flatMap((accommodation) => accommodation.off));
  const factorOf = (type: ObservationType): number =>
    Math.max(1, ...accommodations.map(({ longer }) => longer[type] ?? 1));
  const adapt = (rules: readonly Rule[]): Rule[] =>
    rules
      .filter((rule) => !off.has(rule.type))
      .map((rule) => {
        const factor = factorOf(rule.type);
        return factor === 1 ? rule : { ...rule, minDurationMs: rule.minDurationMs * factor };
      });
  return {
    ...set,
    streamGapMs: off.has('stream_gap') || set.streamGapMs === null ? null : set.streamGapMs * factorOf('stream_gap'),
    rules: adapt(set.rules),
    ...(set.baselineRules === undefined ? {} : { baselineRules: adapt(set.baselineRules) }),
  };
};
