/** Milliseconds since the Unix epoch. */
export interface TimeSpan {
  from_ms: number;
  to_ms: number;
}

/** The part between two times; null if there is none. */
export const clipSpan = ({ from_ms, to_ms }: TimeSpan, fromMs: number, toMs: number): TimeSpan | null => {
  const clipped = { from_ms: Math.max(from_ms, fromMs), to_ms: Math.min(to_ms, toMs) };
  return clipped.to_ms > clipped.from_ms ? clipped : null;
};

export const overlapMs = (a: TimeSpan, b: TimeSpan): number => {
  const both = clipSpan(a, b.from_ms, b.to_ms);
  return both === null ? 0 : both.to_ms - both.from_ms;
};

/** The parts of a span that the others do not cover. */
export const subtractSpans = (span: TimeSpan, others: readonly TimeSpan[]): TimeSpan[] => {
  let left = [span];
  for (const other of others) {
    left = left.flatMap((part) => {
      if (clipSpan(part, other.from_ms, other.to_ms) === null) return [part];
      return [
        ...(other.from_ms > part.from_ms ? [{ from_ms: part.from_ms, to_ms: other.from_ms }] : []),
        ...(other.to_ms < part.to_ms ? [{ from_ms: other.to_ms, to_ms: part.to_ms }] : []),
      ];
    });
  }
  return left;
};

/** Total time of spans that may overlap. */
export const unionMs = (spans: readonly TimeSpan[]): number => {
  let total = 0;
  let reachedMs = -Infinity;
  for (const { from_ms, to_ms } of spans.toSorted((a, b) => a.from_ms - b.from_ms)) {
    total += Math.max(0, to_ms - Math.max(from_ms, reachedMs));
    reachedMs = Math.max(reachedMs, to_ms);
  }
  return total;
};
