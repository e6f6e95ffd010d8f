import { isObserved, notObservedReason } from '../frame/feature-frame.ts';
import type { UnknownReason } from '../frame/feature-vocabulary.ts';
import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { RuleFrame } from '../rules/rule.ts';

/** Why part of the session was not observed: the reason in the frames, or `no_frames`. */
export type GapReason = UnknownReason | 'no_frames' | 'paused_not_allowed';

/** Part of the session that was not observed. Client clock, milliseconds since the Unix epoch. */
interface Gap {
  reason: GapReason;
  from_ms: number;
  to_ms: number;
  /** Seconds of this gap for which frames arrived late, after an outage. Absent if there were none. */
  late_s?: number;
}

/**
 * Running coverage. The frame that ends an interval decides whether the interval was observed; an interval longer than
 * `maxFrameIntervalMs` is a gap without frames. Plain JSON.
 */
export interface CoverageState {
  fromMs: number;
  lastMs: number;
  observedMs: number;
  gapMs: Partial<Record<GapReason, number>>;
  gaps: Gap[];
  /** Number of gaps omitted because the list is full; `gapMs` includes their time. */
  gapsNotListed: number;
}

/** Maximum number of gaps in the list. */
const maxGaps = 500;
/** Shorter gaps are counted in the totals but not listed. */
const listedGapMs = 500;

/** Coverage at the first frame. @param fromMs its time, client clock, Unix epoch */
export const startCoverage = (fromMs: number): CoverageState => ({
  fromMs,
  lastMs: fromMs,
  observedMs: 0,
  gapMs: {},
  gaps: [],
  gapsNotListed: 0,
});

const addGap = (state: CoverageState, reason: GapReason, fromMs: number, toMs: number): CoverageState => {
  const gapMs = { ...state.gapMs, [reason]: (state.gapMs[reason] ?? 0) + (toMs - fromMs) };
  const last = state.gaps.at(-1);
  if (last !== undefined && last.reason === reason && last.to_ms === fromMs) {
    return {
      ...state,
      lastMs: toMs,
      gapMs,
      gaps: [...state.gaps.slice(0, -1), { ...last, to_ms: toMs }],
    };
  }
  if (state.gaps.length >= maxGaps) return { ...state, lastMs: toMs, gapMs, gapsNotListed: state.gapsNotListed + 1 };
  return {
    ...state,
    lastMs: toMs,
    gapMs,
    gaps: [...state.gaps, { reason, from_ms: fromMs, to_ms: toMs }],
  };
};

/** The first frame after a suspension reports it; no other reason explains time without frames. */
const silenceReason = (frame: RuleFrame): GapReason =>
  frame.not_observed === 'page_suspended' ? 'page_suspended' : 'no_frames';

/** Adds one frame. A frame that is not later than the previous one changes nothing. Pure. */
export const stepCoverage = (state: CoverageState, frame: RuleFrame): CoverageState => {
  const elapsedMs = frame.timestamp - state.lastMs;
  if (elapsedMs <= 0) return state;
  if (elapsedMs > maxFrameIntervalMs) return addGap(state, silenceReason(frame), state.lastMs, frame.timestamp);
  if (isObserved(frame)) return { ...state, lastMs: frame.timestamp, observedMs: state.observedMs + elapsedMs };
  return addGap(state, notObservedReason(frame), state.lastMs, frame.timestamp);
};

/** The share of a session that was observed, and why the rest was not. `…_ms`: client clock, Unix epoch. */
export interface Coverage {
  from_ms: number;
  to_ms: number;
  duration_s: number;
  observed_s: number;
  /** observed_s / duration_s, 0–1. */
  share: number;
  not_observed_s: Partial<Record<GapReason, number>>;
  gaps: Gap[];
  gaps_not_listed: number;
  /** Received within 30 s by the server's clock. These four are absent in reports of rules before version 3. */
  live_s?: number;
  /** Arrived later, after an outage that the server saw. */
  late_s?: number;
  /** live_s / duration_s, 0–1. */
  live_share?: number;
  /** The spans that add up to `late_s`, by start time. Incomplete if `gaps_not_listed` is not 0. */
  late?: { from_ms: number; to_ms: number }[];
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

/** Coverage up to `endMs` (client clock, Unix epoch). More than `maxFrameIntervalMs` after the last frame is a gap. */
export const coverageOf = (state: CoverageState, endMs: number): Coverage => {
  const final = endMs - state.lastMs > maxFrameIntervalMs ? addGap(state, 'no_frames', state.lastMs, endMs) : state;
  const durationMs = final.lastMs - final.fromMs;
  return {
    from_ms: final.fromMs,
    to_ms: final.lastMs,
    duration_s: seconds(durationMs),
    observed_s: seconds(final.observedMs),
    share: durationMs === 0 ? 0 : Math.round((final.observedMs / durationMs) * 10_000) / 10_000,
    not_observed_s: Object.fromEntries(Object.entries(final.gapMs).map(([reason, ms]) => [reason, seconds(ms)])),
    gaps: final.gaps.filter((gap) => gap.to_ms - gap.from_ms >= listedGapMs),
    gaps_not_listed: final.gapsNotListed,
  };
};
