import type { Observation } from './observation.ts';
import type { Rule, RuleContext, RuleFrame } from './rule.ts';

/** Frames that show a condition, before or after they reach the rule's minimum duration. Plain JSON: it is stored. */
interface Stretch {
  /** Client clock, milliseconds since the Unix epoch. */
  fromMs: number;
  lastSeenMs: number;
  /** True if the latest frame did not show the condition. */
  missed: boolean;
  /** Frames that show it, and all frames since it began. */
  frames: number;
  total: number;
  confidenceSum: number;
  measuredSums: Record<string, number>;
  strongestConfidence: number;
  evidence: { first: string; strongest: string; last: string };
}

/** A rule's state between frames. Plain JSON. */
export type RuleState =
  | { phase: 'idle' }
  | { phase: 'pending'; stretch: Stretch }
  | { phase: 'active'; stretch: Stretch };

/** An observation began, having reached its minimum duration, or ended. */
export interface RuleEvent {
  event: 'opened' | 'closed';
  observation: Observation;
}

/**
 * Share of frames that must show a condition before it becomes an observation, so that scattered detections never become one. Frames with
 * unknown readings count as not showing it, because missing data must never raise an observation.
 */
const minSeenShare = 0.6;

const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

const observationOf = (rule: Rule, stretch: Stretch): Observation => ({
  id: `${rule.type}${rule.usual === true ? '-usual' : ''}-${stretch.evidence.first}`,
  type: rule.type,
  from_ms: stretch.fromMs,
  to_ms: stretch.lastSeenMs,
  confidence: round(stretch.confidenceSum / stretch.frames, 3),
  measured: Object.fromEntries(
    Object.entries(stretch.measuredSums).map(([name, sum]) => [name, round(sum / stretch.frames, 3)]),
  ),
  evidence: stretch.evidence,
  frames: stretch.frames,
  ...(rule.usual === true ? { usual: true } : {}),
});

const begin = (frame: RuleFrame, fromMs: number): Stretch => ({
  fromMs,
  lastSeenMs: frame.timestamp,
  missed: false,
  frames: 0,
  total: 0,
  confidenceSum: 0,
  measuredSums: {},
  strongestConfidence: -1,
  evidence: { first: frame.frame_id, strongest: frame.frame_id, last: frame.frame_id },
});

const extend = (stretch: Stretch, frame: RuleFrame, confidence: number, measured: Record<string, number>): Stretch => {
  const measuredSums = { ...stretch.measuredSums };
  for (const [name, value] of Object.entries(measured)) measuredSums[name] = (measuredSums[name] ?? 0) + value;
  const strongest = confidence > stretch.strongestConfidence;
  return {
    fromMs: stretch.fromMs,
    lastSeenMs: frame.timestamp,
    missed: false,
    frames: stretch.frames + 1,
    total: stretch.total + 1,
    confidenceSum: stretch.confidenceSum + confidence,
    measuredSums,
    strongestConfidence: strongest ? confidence : stretch.strongestConfidence,
    evidence: {
      first: stretch.evidence.first,
      strongest: strongest ? frame.frame_id : stretch.evidence.strongest,
      last: frame.frame_id,
    },
  };
};

const closed = (rule: Rule, state: RuleState): RuleEvent[] =>
  state.phase === 'active' ? [{ event: 'closed', observation: observationOf(rule, state.stretch) }] : [];

/** Whether the interruption exceeds what the rule bridges or, if no frame has arrived since, the longest allowed frame interval. */
const isOver = (rule: Rule, { lastSeenMs, missed }: Stretch, frame: RuleFrame, { pauseMs }: RuleContext): boolean =>
  frame.timestamp - lastSeenMs > (missed ? rule.bridgeMs : Math.max(rule.bridgeMs, pauseMs));

export interface RuleStep {
  state: RuleState;
  events: readonly RuleEvent[];
  /** Whether the rule's readings were known in this frame. */
  looked: boolean;
}

const idle: RuleState = { phase: 'idle' };
const noEvents: readonly RuleEvent[] = [];
/** The step of nearly every rule in nearly every frame: nothing seen, nothing going on. Shared, because it is never changed. */
const idleSteps = {
  clear: { state: idle, events: noEvents, looked: true },
  unknown: { state: idle, events: noEvents, looked: false },
} as const satisfies Record<string, RuleStep>;

/** Advances one rule by one frame. Frames come in the order of their timestamps. Pure. */
export const stepRule = (rule: Rule, state: RuleState, frame: RuleFrame, context: RuleContext): RuleStep => {
  let events = noEvents;
  let current = state;
  if (current.phase !== 'idle' && isOver(rule, current.stretch, frame, context)) {
    events = closed(rule, current);
    current = idle;
  }
  const sighting = rule.look(frame, current.phase === 'active', context);
  if (sighting.kind !== 'seen') {
    const looked = sighting.kind === 'clear';
    if (current.phase === 'idle') {
      return events.length === 0 ? idleSteps[looked ? 'clear' : 'unknown'] : { state: idle, events, looked };
    }
    const stretch = { ...current.stretch, total: current.stretch.total + 1, missed: true };
    return { state: { ...current, stretch }, events, looked };
  }
  const stretch = extend(
    current.phase === 'idle' ? begin(frame, sighting.sinceMs ?? frame.timestamp) : current.stretch,
    frame,
    sighting.confidence,
    sighting.measured,
  );
  if (current.phase === 'active') return { state: { phase: 'active', stretch }, events, looked: true };
  const factor = rule.durationFactor?.(stretch.confidenceSum / stretch.frames) ?? 1;
  const lasted = frame.timestamp - stretch.fromMs >= rule.minDurationMs * factor;
  const steady = stretch.frames >= stretch.total * minSeenShare;
  const enough = stretch.frames >= (rule.minFrames ?? 1);
  if (!lasted || !steady || !enough) return { state: { phase: 'pending', stretch }, events, looked: true };
  const opened: RuleEvent = { event: 'opened', observation: observationOf(rule, stretch) };
  return { state: { phase: 'active', stretch }, events: [...events, opened], looked: true };
};

/** Ends the stream: closes an open observation at its last frame. */
export const endRule = (rule: Rule, state: RuleState): RuleEvent[] => closed(rule, state);

/** The open observation, or null. */
export const runningObservation = (rule: Rule, state: RuleState): Observation | null =>
  state.phase === 'active' ? observationOf(rule, state.stretch) : null;
