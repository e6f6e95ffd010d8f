import { isObserved, notObservedReason } from '../frame/feature-frame.ts';
import type { Features } from '../frame/feature-frame.ts';
import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { UnknownReason } from '../frame/feature-vocabulary.ts';
import { clipSpan, overlapMs, subtractSpans } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

export type LiveGapReason = UnknownReason | 'no_frames' | 'paused_not_allowed';

export interface LiveGap extends TimeSpan {
  reason: LiveGapReason;
}

/**
 * Coverage by the server's own clock, from the session's start. `late` lists the time delivered after an outage, `gaps` the time without
 * observation; all other time was seen live. A gap is final 30 s after it ended; late frames inside it are then listed in `late` as well.
 * Plain JSON.
 */
export interface LiveCoverage {
  fromMs: number;
  lastMs: number;
  gaps: readonly LiveGap[];
  late: readonly TimeSpan[];
  /** Totals. The lists are bounded, the totals are not. `late` time inside gaps counts in both. */
  liveMs: number;
  lateMs: number;
  gapMs: Partial<Record<LiveGapReason, number>>;
  /** The part of `lateMs` that lies inside gaps without frames. */
  filledMs: number;
  /** From this time on the lists are incomplete; null if they are complete. */
  listedUntilMs: number | null;
}

const maxListed = 500;

export const startLiveCoverage = (startedMs: number): LiveCoverage => ({
  fromMs: startedMs,
  lastMs: startedMs,
  gaps: [],
  late: [],
  liveMs: 0,
  lateMs: 0,
  gapMs: {},
  filledMs: 0,
  listedUntilMs: null,
});

const addLate = (late: readonly TimeSpan[], span: TimeSpan): readonly TimeSpan[] => {
  const last = late.at(-1);
  if (last !== undefined && last.to_ms === span.from_ms) return [...late.slice(0, -1), { ...last, to_ms: span.to_ms }];
  return [...late, span];
};

const addGap = (coverage: LiveCoverage, gap: LiveGap): LiveCoverage => {
  const { reason, from_ms: fromMs, to_ms: toMs } = gap;
  const next = {
    ...coverage,
    lastMs: toMs,
    gapMs: { ...coverage.gapMs, [reason]: (coverage.gapMs[reason] ?? 0) + (toMs - fromMs) },
  };
  const last = coverage.gaps.at(-1);
  if (last !== undefined && last.reason === reason && last.to_ms === fromMs) {
    return { ...next, gaps: [...coverage.gaps.slice(0, -1), { ...last, to_ms: toMs }] };
  }
  if (coverage.gaps.length >= maxListed) return { ...next, listedUntilMs: coverage.listedUntilMs ?? fromMs };
  return { ...next, gaps: [...coverage.gaps, gap] };
};

/** Adds the newest frame. @param isLive received at most 30 s after its timestamp */
export const stepLiveCoverage = (
  coverage: LiveCoverage,
  frame: Features & { timestamp: number },
  isLive: boolean,
): LiveCoverage => {
  const span = { from_ms: coverage.lastMs, to_ms: frame.timestamp };
  const elapsedMs = span.to_ms - span.from_ms;
  if (elapsedMs <= 0) return coverage;
  if (elapsedMs > maxFrameIntervalMs) return addGap(coverage, { reason: 'no_frames', ...span });
  if (!isObserved(frame)) return addGap(coverage, { reason: notObservedReason(frame), ...span });
  if (isLive) return { ...coverage, lastMs: span.to_ms, liveMs: coverage.liveMs + elapsedMs };
  const hasRoom = coverage.late.length < maxListed;
  return {
    ...coverage,
    lastMs: span.to_ms,
    lateMs: coverage.lateMs + elapsedMs,
    late: hasRoom ? addLate(coverage.late, span) : coverage.late,
    listedUntilMs: hasRoom ? coverage.listedUntilMs : (coverage.listedUntilMs ?? span.from_ms),
  };
};

/** Part of the gaps was seen live after all: its frames arrived after newer ones, but within 30 s. */
const fillLive = (coverage: LiveCoverage, span: TimeSpan): LiveCoverage => {
  // Time listed as late is already counted.
  const parts = subtractSpans(span, coverage.late);
  let filledMs = 0;
  const gaps = coverage.gaps.flatMap((gap) => {
    const ms = gap.reason === 'no_frames' ? parts.reduce((sum, part) => sum + overlapMs(gap, part), 0) : 0;
    if (ms === 0) return [gap];
    filledMs += ms;
    return subtractSpans(gap, parts).map((part): LiveGap => ({ reason: gap.reason, ...part }));
  });
  if (filledMs === 0 || gaps.length > maxListed) return coverage;
  const gapMs = { ...coverage.gapMs, no_frames: (coverage.gapMs.no_frames ?? 0) - filledMs };
  return { ...coverage, gaps, gapMs, liveMs: coverage.liveMs + filledMs };
};

const fillLate = (coverage: LiveCoverage, span: TimeSpan): LiveCoverage => {
  if (coverage.late.length >= maxListed) return coverage;
  const gaps = coverage.gaps.filter(({ reason }) => reason === 'no_frames');
  const inGaps = gaps.flatMap((gap) => clipSpan(span, gap.from_ms, gap.to_ms) ?? []);
  const added = inGaps.flatMap((part) => subtractSpans(part, coverage.late));
  if (added.length === 0) return coverage;
  const addedMs = added.reduce((sum, { from_ms, to_ms }) => sum + to_ms - from_ms, 0);
  return {
    ...coverage,
    late: added.reduce(addLate, coverage.late),
    lateMs: coverage.lateMs + addedMs,
    filledMs: coverage.filledMs + addedMs,
  };
};

/** Fills gaps with the span of a frame that arrived after newer ones: as live if it arrived within 30 s, otherwise as late. */
export const fillGaps = (coverage: LiveCoverage, span: TimeSpan, isLive: boolean): LiveCoverage => {
  if (span.to_ms - span.from_ms > maxFrameIntervalMs) return coverage;
  return isLive ? fillLive(coverage, span) : fillLate(coverage, span);
};

/** How a part of the session was observed, milliseconds. */
export interface Observed {
  liveMs: number;
  lateMs: number;
  notObservedMs: Partial<Record<LiveGapReason, number>>;
}

/** Computed from the lists, which must be complete for that time. */
export const observedBetween = ({ gaps, late }: Pick<LiveCoverage, 'gaps' | 'late'>, span: TimeSpan): Observed => {
  const notObservedMs: Observed['notObservedMs'] = {};
  let missedMs = 0;
  for (const gap of gaps) {
    const clipped = clipSpan(gap, span.from_ms, span.to_ms);
    if (clipped === null) continue;
    const ms = subtractSpans(clipped, late).reduce((sum, part) => sum + part.to_ms - part.from_ms, 0);
    if (ms === 0) continue;
    notObservedMs[gap.reason] = (notObservedMs[gap.reason] ?? 0) + ms;
    missedMs += ms;
  }
  const lateMs = late.reduce((sum, part) => sum + overlapMs(part, span), 0);
  return { liveMs: Math.max(0, span.to_ms - span.from_ms - missedMs - lateMs), lateMs, notObservedMs };
};
