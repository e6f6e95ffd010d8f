import type { Features } from '@invigil/protocol/frame';

interface Body extends Features {
  timestamp: number;
}

/** A frame's body with all of its times moved, and noted. */
export const shiftTimestamps = (json: string, byMs: number): string => {
  const body = JSON.parse(json) as Body;
  const violations = body.page_violations?.map((one) => ({ ...one, timestamp: Math.max(0, one.timestamp + byMs) }));
  return JSON.stringify({
    ...body,
    timestamp: body.timestamp + byMs,
    ...(violations === undefined ? {} : { page_violations: violations }),
    clock_corrected_ms: (body.clock_corrected_ms ?? 0) + byMs,
  });
};
