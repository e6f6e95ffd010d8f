/** @param ms milliseconds since the Unix epoch @returns the same time as ISO 8601 in UTC, such as `2026-01-05T09:00:00.000Z` */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
