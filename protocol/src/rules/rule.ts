import type { Features } from '../frame/feature-frame.ts';
import type { Baseline } from './baseline.ts';
import type { Habits } from './habits.ts';
import type { ObservationType } from './observation.ts';

/** What a rule says of one frame. */
export type Sighting =
  /** `sinceMs`: when it began, where the reading itself looks back (client clock, Unix epoch). */
  | { kind: 'seen'; confidence: number; measured: Record<string, number>; sinceMs: number | null }
  | { kind: 'clear' }
  /** Could not see. Neither for nor against the student. */
  | { kind: 'unseen' };

/** A frame as rules read it. */
export interface RuleFrame extends Features {
  frame_id: string;
  /** Client clock, milliseconds since the Unix epoch. */
  timestamp: number;
}

/** What a rule may know besides the frame. */
export interface RuleContext {
  /** The student's own usual readings, null until enough of them were seen. */
  baseline: Baseline | null;
  habits: Habits;
  /** Longest time between two frames through which what both show is taken to have gone on. */
  pauseMs: number;
  /** What runs now of the set's rules before this one, so that one thing is told once. */
  running: ReadonlySet<ObservationType>;
}

/**
 * One rule. `look` is pure; `active` is whether the observation has begun, so that leaving can take a lower threshold than
 * entering (hysteresis).
 */
export interface Rule {
  type: ObservationType;
  /** How long it must have lasted before it becomes an observation. */
  minDurationMs: number;
  /** Frames that must have shown it; one where it is left out. Needed only where a reading looks back (`sinceMs`). */
  minFrames?: number;
  /** How long it may be out of sight and still count as the same. */
  bridgeMs: number;
  /** Whether a proctor should look at it now. */
  alert: boolean;
  look(frame: RuleFrame, active: boolean, context: RuleContext): Sighting;
}

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
export const clear: Sighting = { kind: 'clear' };
export const unseen: Sighting = { kind: 'unseen' };
