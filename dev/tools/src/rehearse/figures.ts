import type { Features } from '@invigil/protocol/frame';

/** Value below which `share` of the values lie (nearest rank); null for an empty list. */
export const percentile = (values: readonly number[], share: number): number | null => {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
};

export interface Spread {
  p50: number | null;
  p95: number | null;
}

/** Milliseconds of each detector, as stated in the frames. */
export interface EngineFigures {
  backend: string | null;
  face_ms: Spread;
  object_ms: Spread;
  hand_ms: Spread;
}

type EngineReadings = Pick<Features, 'engine_backend' | 'engine_face_ms' | 'engine_object_ms' | 'engine_hand_ms'>;
type DetectorTime = 'engine_face_ms' | 'engine_object_ms' | 'engine_hand_ms';

const spreadOf = (frames: readonly EngineReadings[], field: DetectorTime): Spread => {
  const values = frames.map((frame) => frame[field]).filter((value) => typeof value === 'number');
  return { p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
};

export const engineFigures = (frames: readonly EngineReadings[]): EngineFigures => ({
  backend: frames.findLast((frame) => typeof frame.engine_backend === 'string')?.engine_backend ?? null,
  face_ms: spreadOf(frames, 'engine_face_ms'),
  object_ms: spreadOf(frames, 'engine_object_ms'),
  hand_ms: spreadOf(frames, 'engine_hand_ms'),
});

const windowMs = 5000;

export interface PaceFigures {
  meanHz: number;
  /** In the slowest five seconds; null for a shorter session. */
  slowestHz: number | null;
  longestGapMs: number;
}

/** Frames per second, and the longest time without a frame; null for fewer than two frames. */
export const paceFigures = (frames: readonly { timestamp: number }[]): PaceFigures | null => {
  const times = frames.map((frame) => frame.timestamp).toSorted((a, b) => a - b);
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined || last === first) return null;
  const longestGapMs = Math.max(...times.slice(1).map((time, index) => time - times[index]!));
  let slowest = Number.POSITIVE_INFINITY;
  for (let from = first; from + windowMs <= last; from += 1000) {
    const count = times.filter((time) => time >= from && time < from + windowMs).length;
    slowest = Math.min(slowest, (count * 1000) / windowMs);
  }
  return {
    meanHz: ((times.length - 1) * 1000) / (last - first),
    slowestHz: Number.isFinite(slowest) ? slowest : null,
    longestGapMs,
  };
};
