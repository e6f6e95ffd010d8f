import type { Observation } from './observation.ts';
import type { Rule, RuleContext, RuleFrame } from './rule.ts';

/** A stretch of sightings, short of or past the rule's minimum duration. Plain data: it is stored beside the frames. */
interface Stretch {
  fromMs: number;
  lastSeenMs: number;
  /** A frame has come since that did not show it. */
  missed: boolean;
  /** Frames in which it was seen, of how many in all. */
  frames: number;
  total: number;
  confidenceSum: number;
  measuredSums: Record<string, number>;
  strongestConfidence: number;
  evidence: { first: string; strongest: string; last: string };
}

export type RuleState =
  | { phase: 'idle' }
  | { phase: 'pending'; stretch: Stretch }
  | { phase: 'active'; stretch: Stretch };

export interface RuleEvent {
  event: 'opened' | 'closed';
  observation: Observation;
}

/**
 * Share of a stretch's frames that must have seen it before it becomes an observation, so that scattered flickers never do. Frames that could
 * not see count against it: unknown readings must never raise anything.
 */
const minSeenShare = 0.6;

const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

const observationOf = (rule: Rule, stretch: Stretch): Observation => ({
  id: `${rule.type}-${stretch.evidence.first}`,
  type: rule.type,
  from_ms: stretch.fromMs,
  to_ms: stretch.lastSeenMs,
  confidence: round(stretch.confidenceSum / stretch.frames, 3),
  measured: Object.fromEntries(
    Object.entries(stretch.measuredSums).map(([name, sum]) => [name, round(sum / stretch.frames, 3)]),
  ),
  evidence: stretch.evidence,
  frames: stretch.frames,
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

/** Out of sight for longer than the rule bridges; or, where no frame in between says so, for longer than frames may lie apart. */
const isOver = (rule: Rule, { lastSeenMs, missed }: Stretch, frame: RuleFrame, { pauseMs }: RuleContext): boolean =>
  frame.timestamp - lastSeenMs > (missed ? rule.bridgeMs : Math.max(rule.bridgeMs, pauseMs));

export interface RuleStep {
  state: RuleState;
  events: RuleEvent[];
  /** Whether the rule could see in this frame. */
  looked: boolean;
}

/** Advances one rule by one frame. Frames come in the order of their timestamps. Pure. */
export const stepRule = (rule: Rule, state: RuleState, frame: RuleFrame, context: RuleContext): RuleStep => {
  const events: RuleEvent[] = [];
  let current = state;
  if (current.phase !== 'idle' && isOver(rule, current.stretch, frame, context)) {
    events.push(...closed(rule, current));
    current = { phase: 'idle' };
  }
  const sighting = rule.look(frame, current.phase === 'active', context);
  if (sighting.kind !== 'seen') {
    const looked = sighting.kind === 'clear';
    if (current.phase === 'idle') return { state: current, events, looked };
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
  const lasted = frame.timestamp - stretch.fromMs >= rule.minDurationMs;
  const steady = stretch.frames >= stretch.total * minSeenShare;
  const enough = stretch.frames >= (rule.minFrames ?? 1);
  if (!lasted || !steady || !enough) return { state: { phase: 'pending', stretch }, events, looked: true };
  events.push({ event: 'opened', observation: observationOf(rule, stretch) });
  return { state: { phase: 'active', stretch }, events, looked: true };
};

/** Ends the stream: what is still running is closed where it was last seen. */
export const endRule = (rule: Rule, state: RuleState): RuleEvent[] => closed(rule, state);

/** The observation that is running now, if one is. */
export const runningObservation = (rule: Rule, state: RuleState): Observation | null =>
  state.phase === 'active' ? observationOf(rule, state.stretch) : null;
