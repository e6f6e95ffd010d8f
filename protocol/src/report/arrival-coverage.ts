import { observedBetween, unlistedBetween } from '../evidence/live-coverage.ts';
import type { LiveCoverage, LiveGap, LiveGapReason, Observed } from '../evidence/live-coverage.ts';
import { clipSpan, overlapMs } from '../evidence/time-span.ts';
import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { Coverage } from './coverage.ts';

/** Shorter gaps are counted in the totals but not listed. */
const listedGapMs = 500;

const seconds = (ms: number): number => Math.round(ms) / 1000;
const share = (ms: number, ofMs: number): number => (ofMs === 0 ? 0 : Math.round((ms / ofMs) * 10_000) / 10_000);

const renamed = ({ reason, ...span }: LiveGap, breaksAllowed: boolean): LiveGap => ({
  reason: reason === 'paused' && !breaksAllowed ? 'paused_not_allowed' : reason,
  ...span,
});

/**
 * The coverage up to `endMs`: the time since the last frame is a gap, and later time is left out.
 * @param endMs server clock: end of the exam or hand-in, or now
 */
export const coverageUntil = (coverage: LiveCoverage, endMs: number, breaksAllowed: boolean): LiveCoverage => {
  const gaps = coverage.gaps.map((gap) => renamed(gap, breaksAllowed));
  const { paused, ...others } = coverage.gapMs;
  const gapMs = paused === undefined || breaksAllowed ? coverage.gapMs : { ...others, paused_not_allowed: paused };
  const named = { ...coverage, gaps, gapMs };
  if (endMs - coverage.lastMs > maxFrameIntervalMs) {
    const tail: LiveGap = { reason: 'no_frames', from_ms: coverage.lastMs, to_ms: endMs };
    const tailMs = (gapMs.no_frames ?? 0) + endMs - coverage.lastMs;
    return { ...named, lastMs: endMs, gaps: [...gaps, tail], gapMs: { ...gapMs, no_frames: tailMs } };
  }
  return endMs >= coverage.lastMs ? named : cut(named, Math.max(endMs, coverage.fromMs));
};

const cut = (coverage: LiveCoverage, endMs: number): LiveCoverage => {
  const behind = { from_ms: endMs, to_ms: coverage.lastMs };
  const { liveMs, lateMs } = observedBetween(coverage, behind);
  const gapMs = { ...coverage.gapMs };
  for (const gap of coverage.gaps) {
    const ms = overlapMs(gap, behind);
    if (ms > 0) gapMs[gap.reason] = Math.max(0, (gapMs[gap.reason] ?? 0) - ms);
  }
  for (const [reason, ms] of Object.entries(unlistedBetween(coverage, behind).gapMs)) {
    gapMs[reason as LiveGapReason] = Math.max(0, (gapMs[reason as LiveGapReason] ?? 0) - ms);
  }
  const inGapsMs = coverage.gaps.reduce((sum, gap) => {
    const clipped = clipSpan(gap, behind.from_ms, behind.to_ms);
    return clipped === null ? sum : sum + coverage.late.reduce((late, span) => late + overlapMs(span, clipped), 0);
  }, 0);
  return {
    ...coverage,
    lastMs: endMs,
    liveMs: Math.max(0, coverage.liveMs - liveMs),
    lateMs: Math.max(0, coverage.lateMs - lateMs),
    filledMs: Math.max(0, coverage.filledMs - inGapsMs),
    gapMs,
    gaps: coverage.gaps.flatMap((gap) => {
      const left = clipSpan(gap, coverage.fromMs, endMs);
      return left === null ? [] : [{ reason: gap.reason, ...left }];
    }),
    late: coverage.late.flatMap((span) => clipSpan(span, coverage.fromMs, endMs) ?? []),
  };
};

const notObserved = (coverage: LiveCoverage): Observed['notObservedMs'] => {
  const ms = { ...coverage.gapMs };
  // Late frames fill only gaps without frames.
  if (coverage.filledMs > 0) ms.no_frames = Math.max(0, (ms.no_frames ?? 0) - coverage.filledMs);
  return ms;
};

/** @param coverage the result of `coverageUntil` */
export const arrivalCoverageOf = (coverage: LiveCoverage): Coverage => {
  const durationMs = coverage.lastMs - coverage.fromMs;
  const observedMs = coverage.liveMs + coverage.lateMs;
  const missing = Object.entries(notObserved(coverage)).filter(([, ms]) => ms > 0);
  return {
    from_ms: coverage.fromMs,
    to_ms: coverage.lastMs,
    duration_s: seconds(durationMs),
    observed_s: seconds(observedMs),
    share: share(observedMs, durationMs),
    live_s: seconds(coverage.liveMs),
    late_s: seconds(coverage.lateMs),
    live_share: share(coverage.liveMs, durationMs),
    not_observed_s: Object.fromEntries(
      missing.map(([reason, ms]): [LiveGapReason, number] => [reason as LiveGapReason, seconds(ms)]),
    ),
    gaps: coverage.gaps
      .filter((gap) => gap.to_ms - gap.from_ms >= listedGapMs)
      .map((gap) => {
        const lateMs = coverage.late.reduce((sum, span) => sum + overlapMs(span, gap), 0);
        return lateMs === 0 ? gap : { ...gap, late_s: seconds(lateMs) };
      }),
    gaps_not_listed: coverage.listedUntilMs === null ? 0 : 1,
    late: coverage.late.map(({ from_ms, to_ms }) => ({ from_ms, to_ms })).toSorted((a, b) => a.from_ms - b.from_ms),
  };
};
