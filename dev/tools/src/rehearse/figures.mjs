/** Value below which `share` of the values lie (nearest rank); null of nothing. */
export const percentile = (values, share) => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
};

const known = (frames, field) => frames.map((frame) => frame[field]).filter((value) => typeof value === 'number');

const spread = (values) => ({ p50: percentile(values, 0.5), p95: percentile(values, 0.95) });

/** What the engine said of itself in its frames. */
export const engineFigures = (frames) => ({
  backend: frames.findLast((frame) => typeof frame.engine_backend === 'string')?.engine_backend ?? null,
  face_ms: spread(known(frames, 'engine_face_ms')),
  object_ms: spread(known(frames, 'engine_object_ms')),
  hand_ms: spread(known(frames, 'engine_hand_ms')),
});

const paceWindowMs = 5000;

/** Frames a second: over the whole, and in the slowest stretch of five seconds; and the longest time without a frame. */
export const paceFigures = (frames) => {
  const times = frames.map((frame) => frame.timestamp).toSorted((a, b) => a - b);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || last === first) return null;
  const longestGapMs = Math.max(...times.slice(1).map((time, index) => time - times[index]));
  let slowest = Number.POSITIVE_INFINITY;
  for (let from = first; from + paceWindowMs <= last; from += 1000) {
    const count = times.filter((time) => time >= from && time < from + paceWindowMs).length;
    slowest = Math.min(slowest, (count * 1000) / paceWindowMs);
  }
  return {
    meanHz: ((times.length - 1) * 1000) / (last - first),
    slowestHz: Number.isFinite(slowest) ? slowest : null,
    longestGapMs,
  };
};
