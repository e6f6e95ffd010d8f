import type { UnobservedReason } from '@invigil/protocol/channels';
import { emptyMinute, isObserved, notObservedReason, stepMinute } from '@invigil/protocol/frame';
import type { RecentMinute, StoredFrame } from '@invigil/protocol/frame';

/** Since when a session has not been observed, and why. */
export interface Unobserved {
  /** Server clock, milliseconds since the Unix epoch. */
  sinceMs: number;
  reason: UnobservedReason;
}

/** The state of a session after its newest frame. */
export interface LatestReading {
  /** Arrival of the newest frame, server clock. */
  receivedMs: number;
  /** Null while the student is observed. */
  gap: Unobserved | null;
  minute: RecentMinute;
}

/** A shorter gap is not announced: students turn away and lighting changes for moments. */
const gapAfterMs = 3000;
/** Frames arrive several times a second. After this time without any, the student is not observed. */
const silentAfterMs = 5000;

const gapAfter = (before: Unobserved | null, frame: StoredFrame): Unobserved | null => {
  if (isObserved(frame)) return null;
  const reason = notObservedReason(frame);
  // A break begins and ends a gap of its own; other reasons may alternate within one.
  const isSameKind = before !== null && (before.reason === 'paused') === (reason === 'paused');
  return isSameKind ? { ...before, reason } : { sinceMs: frame.received_at, reason };
};

/** Adds a frame that is newer than all earlier ones. @param before null before the first frame */
export const stepReading = (before: LatestReading | null, frame: StoredFrame): LatestReading => ({
  receivedMs: frame.received_at,
  gap: gapAfter(before?.gap ?? null, frame),
  minute: stepMinute(before?.minute ?? emptyMinute, frame, frame.timestamp),
});

/** Null while the student is observed, and for gaps that are too short to mention. @param nowMs server clock */
export const unobservedAt = ({ receivedMs, gap }: LatestReading, nowMs: number): Unobserved | null => {
  if (nowMs - receivedMs >= silentAfterMs)
    return { sinceMs: gap?.sinceMs ?? receivedMs, reason: gap?.reason ?? 'no_frames' };
  return gap !== null && nowMs - gap.sinceMs >= gapAfterMs ? gap : null;
};
