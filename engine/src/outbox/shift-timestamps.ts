import type { Violation } from '@invigil/protocol/channels';
import type { ClientFrame } from './client-frame.ts';

export const shiftViolations = (violations: readonly Violation[], byMs: number): Violation[] =>
  violations.map((violation) => ({ ...violation, timestamp: Math.max(0, violation.timestamp + byMs) }));

/** The frame with all of its times moved, and the correction noted in it. */
export const shiftTimestamps = (frame: ClientFrame, byMs: number): ClientFrame => ({
  ...frame,
  timestamp: frame.timestamp + byMs,
  ...(frame.page_violations ? { page_violations: shiftViolations(frame.page_violations, byMs) } : {}),
  clock_corrected_ms: (frame.clock_corrected_ms ?? 0) + byMs,
});
