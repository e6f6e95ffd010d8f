import type { StoredFrame } from '@invigil/protocol/frame';
import { compareFrames, startSession, stepSession } from '@invigil/protocol/report';
import type { RuleSet } from '@invigil/protocol/rules';

/** A labelled event of the video, in seconds from its beginning. */
export interface VideoEvent {
  type: string;
  from_s: number;
  to_s: number;
}

/** An observation in seconds of the video. */
export interface VideoObservation extends VideoEvent {
  confidence: number;
  /** When the rules reported it; null if they did not. */
  known_s: number | null;
}

/** Relates the clock of the frames to the video. */
export interface VideoClock {
  /** When the camera showed the beginning of the video, milliseconds since the Unix epoch. */
  originMs: number;
  /** Playback speed, as a factor. */
  speed: number;
}

/** Results of the events of one type. */
export interface TypeScore {
  events: number;
  found: number;
  latency_s: number | null;
  start_error_s: number | null;
  end_error_s: number | null;
}

export interface RehearsalScore {
  truth: Record<string, TypeScore>;
  falseObservations: VideoObservation[];
}

/** An observation still belongs to an event at this distance from it, seconds at both ends. */
const graceS = 1.5;

const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

type Interval = Pick<VideoEvent, 'from_s' | 'to_s'>;

const overlaps = (a: Interval, b: Interval, grace = 0): boolean =>
  a.from_s <= b.to_s + grace && a.to_s >= b.from_s - grace;

/**
 * When each observation became known: when the rules opened it, plus the engine's delay in reading that frame. Milliseconds since
 * the Unix epoch, by observation id.
 */
export const knownTimesMs = (frames: readonly StoredFrame[], set: RuleSet): Map<string, number> => {
  const times = new Map<string, number>();
  let state = startSession();
  for (const frame of frames.toSorted(compareFrames)) {
    const [next, events] = stepSession(state, frame, set);
    state = next;
    for (const { event, observation } of events) {
      if (event === 'opened') times.set(observation.id, frame.timestamp + (frame.engine_latency_ms ?? 0));
    }
  }
  return times;
};

interface TimedObservation {
  id: string;
  type: string;
  from_ms: number;
  to_ms: number;
  confidence: number;
}

/** Converts observations to seconds of the video. */
export const inVideoSeconds = (
  observations: readonly TimedObservation[],
  knownMs: ReadonlyMap<string, number>,
  { originMs, speed }: VideoClock,
): VideoObservation[] => {
  const seconds = (ms: number): number => round(((ms - originMs) / 1000) * speed, 2);
  const secondsIfKnown = (ms: number | undefined): number | null => (ms === undefined ? null : seconds(ms));
  return observations.map(({ id, type, from_ms, to_ms, confidence }) => ({
    type,
    from_s: seconds(from_ms),
    to_s: seconds(to_ms),
    confidence,
    known_s: secondsIfKnown(knownMs.get(id)),
  }));
};

const farther = (before: number | null, errorS: number): number =>
  before === null || Math.abs(errorS) > Math.abs(before) ? errorS : before;

/**
 * Compares observations with the events of the video. `latency_s` is the longest time from an event's start until it was known;
 * `start_error_s` and `end_error_s` are the largest distances between the ends of observations and events (positive: late).
 */
export const scoreAgainst = (
  events: readonly VideoEvent[],
  observations: readonly VideoObservation[],
): RehearsalScore => {
  const truth: Record<string, TypeScore> = {};
  for (const event of events) {
    const entry = (truth[event.type] ??= {
      events: 0,
      found: 0,
      latency_s: null,
      start_error_s: null,
      end_error_s: null,
    });
    entry.events += 1;
    const matches = observations.filter(({ type, ...interval }) => type === event.type && overlaps(interval, event));
    if (matches.length === 0) continue;
    entry.found += 1;
    const from = Math.min(...matches.map(({ from_s }) => from_s));
    const to = Math.max(...matches.map(({ to_s }) => to_s));
    entry.start_error_s = farther(entry.start_error_s, round(from - event.from_s, 2));
    entry.end_error_s = farther(entry.end_error_s, round(to - event.to_s, 2));
    const known = matches.map(({ known_s }) => known_s).filter((time) => time !== null);
    if (known.length === 0) continue;
    entry.latency_s = Math.max(
      entry.latency_s ?? Number.NEGATIVE_INFINITY,
      round(Math.min(...known) - event.from_s, 2),
    );
  }
  const falseObservations = observations.filter(
    (observation) => !events.some((event) => event.type === observation.type && overlaps(observation, event, graceS)),
  );
  return { truth, falseObservations };
};
