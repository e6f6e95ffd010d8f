import type { Features } from '../frame/feature-frame.ts';
import type { Baseline } from './baseline.ts';
import type { Habits } from './habits.ts';
import type { ObservationType } from './observation.ts';

/** A rule's result for one frame. */
export type Sighting =
  /** `sinceMs`: when it began, if the reading itself covers past time (client clock, Unix epoch); otherwise null. */
  | { kind: 'seen'; confidence: number; measured: Record<string, number>; sinceMs: number | null }
  | { kind: 'clear' }
  /** The readings are unknown: evidence neither for nor against. */
  | { kind: 'unknown' };

/** A frame as rules read it: readings, identity and time. */
export interface RuleFrame extends Features {
  frame_id: string;
  /** Client clock, milliseconds since the Unix epoch. */
  timestamp: number;
}

/** Context that a rule may use besides the frame. */
export interface RuleContext {
  /** The student's baseline, null until enough frames were counted. */
  baseline: Baseline | null;
  habits: Habits;
  /** Longest time between two frames that both show a condition and are counted as one, milliseconds. */
  pauseMs: number;
  /** Running observations of the rules before this one in the set, so that one event is observed once. */
  running: ReadonlySet<ObservationType>;
}

/**
 * One rule. `look` is pure. `active` is true while the observation is open, so that closing can use a lower threshold
 * than opening (hysteresis).
 */
export interface Rule {
  type: ObservationType;
  /** How long the condition must persist before it becomes an observation, milliseconds. */
  minDurationMs: number;
  /** Factor on `minDurationMs` by the mean confidence so far, 0–1: weak evidence has to last longer. Default 1. */
  durationFactor?: (meanConfidence: number) => number;
  /** Minimum number of frames that show the condition, by default one. Needed only if readings cover past time (`sinceMs`). */
  minFrames?: number;
  /** How long it may be interrupted and still count as the same observation, milliseconds. */
  bridgeMs: number;
  /** Whether the observation alerts a proctor immediately. */
  alert: boolean;
  /** Sees behaviour that the student's baseline excuses: its observations are marked `usual` and never count. */
  usual?: true;
  look(frame: RuleFrame, active: boolean, context: RuleContext): Sighting;
}

/** The frame shows the condition. Confidence is clamped to 0–1. */
export const seen = (
  confidence: number,
  measured: Record<string, number>,
  sinceMs: number | null = null,
): Sighting => ({
  kind: 'seen',
  confidence: Math.min(1, Math.max(0, confidence)),
  measured,
  sinceMs,
});
/** The frame shows that the condition is absent. */
export const clear: Sighting = { kind: 'clear' };
/** The frame cannot show the condition. */
export const unknown: Sighting = { kind: 'unknown' };
