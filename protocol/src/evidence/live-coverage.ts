import { isObserved, notObservedReason } from '../frame/feature-frame.ts';
import type { Features } from '../frame/feature-frame.ts';
import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { UnknownReason } from '../frame/feature-vocabulary.ts';
import { clipSpan, overlapMs, subtractSpans, unionMs } from './time-span.ts';
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
  /** Totals, always complete; the bounded list of gaps keeps the longest. `late` time inside gaps counts in both. */
  liveMs: number;
  lateMs: number;
  gapMs: Partial<Record<LiveGapReason, number>>;
  /** The part of `lateMs` that lies inside gaps without frames. */
  filledMs: number;
  /** The lists lack something from this time on; null if they are complete. */
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
  if (coverage.gaps.length < maxListed) return { ...next, gaps: [...coverage.gaps, gap] };
  const shortest = shortestOf(coverage.gaps);
  const listedUntilMs = Math.min(coverage.listedUntilMs ?? Infinity, shortest.from_ms);
  return { ...next, gaps: [...coverage.gaps.filter((other) => other !== shortest), gap], listedUntilMs };
};

/** A client that causes many short gaps must not push a long one out of the list. */
const shortestOf = (gaps: readonly LiveGap[]): LiveGap =>
  gaps.reduce((shortest, gap) => (gap.to_ms - gap.from_ms < shortest.to_ms - shortest.from_ms ? gap : shortest));

/** The first frame after a suspension reports it. No other frame explains the time before it. */
const silenceReason = (frame: Features): LiveGapReason =>
  frame.not_observed === 'page_suspended' ? 'page_suspended' : 'no_frames';

/** The step of nearly every frame. Members are named, not spread: V8 allocates such an object in one step. */
const seenLive = (before: LiveCoverage, lastMs: number, elapsedMs: number): LiveCoverage => ({
  fromMs: before.fromMs,
  lastMs,
  gaps: before.gaps,
  late: before.late,
  liveMs: before.liveMs + elapsedMs,
  lateMs: before.lateMs,
  gapMs: before.gapMs,
  filledMs: before.filledMs,
  listedUntilMs: before.listedUntilMs,
});

/** Adds the newest frame. @param isLive received at most 30 s after its timestamp */
export const stepLiveCoverage = (
  coverage: LiveCoverage,
  frame: Features & { timestamp: number },
  isLive: boolean,
): LiveCoverage => {
  const span = { from_ms: coverage.lastMs, to_ms: frame.timestamp };
  const elapsedMs = span.to_ms - span.from_ms;
  if (elapsedMs <= 0) return coverage;
  if (elapsedMs > maxFrameIntervalMs) return addGap(coverage, { reason: silenceReason(frame), ...span });
  if (!isObserved(frame)) return addGap(coverage, { reason: notObservedReason(frame), ...span });
  if (isLive) return seenLive(coverage, frame.timestamp, elapsedMs);
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

/**
 * Computed from the lists. If they are incomplete, the time that only the totals count is spread evenly over the rest of the session, so
 * that it never passes for live and the parts of a session still add up.
 */
export const observedBetween = (coverage: LiveCoverage, span: TimeSpan): Observed => {
  const { gaps, late } = coverage;
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
  const listedLateMs = late.reduce((sum, part) => sum + overlapMs(part, span), 0);
  const unlisted = unlistedBetween(coverage, span);
  for (const [reason, ms] of Object.entries(unlisted.gapMs)) {
    notObservedMs[reason as LiveGapReason] = (notObservedMs[reason as LiveGapReason] ?? 0) + ms;
    missedMs += ms;
  }
  const lateMs = listedLateMs + unlisted.lateMs;
  return { liveMs: Math.max(0, span.to_ms - span.from_ms - missedMs - lateMs), lateMs, notObservedMs };
};

type Unlisted = Pick<LiveCoverage, 'gapMs' | 'lateMs'>;

/** The time that the totals count but the lists lack, milliseconds. */
const unlistedOf = ({ gaps, late, gapMs, lateMs }: LiveCoverage): Unlisted => {
  const unlistedGapMs: Unlisted['gapMs'] = {};
  for (const [reason, totalMs] of Object.entries(gapMs)) {
    const ofReason = gaps.filter((gap) => gap.reason === reason);
    const ms = totalMs - ofReason.reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0);
    if (ms > 0) unlistedGapMs[reason as LiveGapReason] = ms;
  }
  return { gapMs: unlistedGapMs, lateMs: Math.max(0, lateMs - unionMs(late)) };
};

/** The span's part of it: spread evenly over the time outside the lists. */
export const unlistedBetween = (coverage: LiveCoverage, span: TimeSpan): Unlisted => {
  if (coverage.listedUntilMs === null) return { gapMs: {}, lateMs: 0 };
  const listed = [...coverage.gaps, ...coverage.late];
  const clipped = listed.flatMap((each) => clipSpan(each, span.from_ms, span.to_ms) ?? []);
  const restMs = coverage.lastMs - coverage.fromMs - unionMs(listed);
  const unlisted = unlistedOf(coverage);
  const unlistedMs = Object.values(unlisted.gapMs).reduce((sum, ms) => sum + ms, unlisted.lateMs);
  if (restMs <= 0 || unlistedMs === 0) return { gapMs: {}, lateMs: 0 };
  // Late time inside a gap that is no longer listed is listed itself, so less than `unlistedMs` is left.
  const leftMs = Math.max(0, restMs - coverage.liveMs);
  const share = ((span.to_ms - span.from_ms - unionMs(clipped)) / restMs) * (leftMs / unlistedMs);
  if (share <= 0) return { gapMs: {}, lateMs: 0 };
  const gapMs = Object.entries(unlisted.gapMs).map(([reason, ms]) => [reason, ms * share]);
  return { gapMs: Object.fromEntries(gapMs), lateMs: unlisted.lateMs * share };
};
