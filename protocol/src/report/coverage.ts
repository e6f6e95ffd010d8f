import { isObserved, notObservedReason } from '../frame/feature-frame.ts';
import type { UnknownReason } from '../frame/feature-frame.ts';
import type { RuleFrame } from '../rules/rule.ts';

/** Why a stretch of the session was not observed: a reading's reason, or that no frame exists for it. */
export type GapReason = UnknownReason | 'no_frames';

export interface Gap {
  reason: GapReason;
  from_ms: number;
  to_ms: number;
}

/**
 * Running coverage. Each interval between two frames counts by the frame that ends it; an interval longer than
 * `maxIntervalMs` is a gap without frames. Plain JSON.
 */
export interface CoverageState {
  fromMs: number;
  lastMs: number;
  observedMs: number;
  gapMs: Partial<Record<GapReason, number>>;
  gaps: Gap[];
  /** Gaps that no longer fit the list; their time still counts in `gapMs`. */
  gapsNotListed: number;
}

/** Longest time between two frames that still counts as watched: three misses at the slowest documented pace of 1 Hz. */
export const maxIntervalMs = 3000;
const maxGaps = 500;
/** Unobserved stretches shorter than this are counted but not listed. */
const listedGapMs = 500;

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

export const stepCoverage = (state: CoverageState, frame: RuleFrame): CoverageState => {
  const elapsedMs = frame.timestamp - state.lastMs;
  if (elapsedMs <= 0) return state;
  if (elapsedMs > maxIntervalMs) return addGap(state, 'no_frames', state.lastMs, frame.timestamp);
  if (isObserved(frame)) return { ...state, lastMs: frame.timestamp, observedMs: state.observedMs + elapsedMs };
  return addGap(state, notObservedReason(frame), state.lastMs, frame.timestamp);
};

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
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

/** Coverage up to `endMs`; time after the last frame is a gap without frames. */
export const coverageOf = (state: CoverageState, endMs: number): Coverage => {
  const final = endMs - state.lastMs > maxIntervalMs ? addGap(state, 'no_frames', state.lastMs, endMs) : state;
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
