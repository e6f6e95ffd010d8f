let last: { ms: number; text: string } = { ms: 0, text: new Date(0).toISOString() };

/** @param ms milliseconds since the Unix epoch @returns the same time as ISO 8601 in UTC, such as `2026-01-05T09:00:00.000Z` */
export const isoTime = (ms: number): string => {
  // Under load, many messages are written in the same millisecond.
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
};
