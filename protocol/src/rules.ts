/** Rules that turn feature frames into observations. */
export { observationTypes } from './rules/observation.ts';
export type { Observation, ObservationType } from './rules/observation.ts';
export { ObservationSchema } from './rules/observation-schema.ts';
export type { Rule, RuleContext, RuleFrame, Sighting } from './rules/rule.ts';
export type { RuleEvent } from './rules/rule-state.ts';
export { currentRuleSet, endRules, ruleSets, stepRules } from './rules/rule-set.ts';
export type { RuleSet, RuleSetState, RuleSetStep } from './rules/rule-set.ts';
export { AccommodationSchema, accommodate } from './rules/accommodation.ts';
export type { Accommodation } from './rules/accommodation.ts';
export { farEnter as lookingAwayLimitRad } from './rules/head-away.ts';
