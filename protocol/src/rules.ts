export * from './rules/observation.ts';
export { ObservationSchema } from './rules/observation-schema.ts';
export * from './rules/rule.ts';
export type { RuleEvent, RuleState } from './rules/rule-state.ts';
export * from './rules/rule-set.ts';
export * from './rules/accommodation.ts';
export type { Baseline, BaselineState } from './rules/baseline.ts';
export type { Habit, Habits } from './rules/habits.ts';
