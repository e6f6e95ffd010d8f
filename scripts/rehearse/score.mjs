/** How far beside the truth an observation may lie and still belong to it, seconds at both ends. */
const graceS = 1.5;

const round = (value, digits) => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

const overlaps = (a, b, grace = 0) => a.from_s <= b.to_s + grace && a.to_s >= b.from_s - grace;

/**
 * When each observation became known: the moment at which the shared rules opened it, and the engine's own delay in reading
 * that frame. Milliseconds since the Unix epoch, by observation id.
 */
export const knownTimesMs = (frames, { compareFrames, startSession, stepSession }) => {
  const times = new Map();
  let state = startSession();
  for (const frame of frames.toSorted(compareFrames)) {
    const [next, events] = stepSession(state, frame);
    state = next;
    for (const { event, observation } of events) {
      if (event === 'opened') times.set(observation.id, frame.timestamp + (frame.engine_latency_ms ?? 0));
    }
  }
  return times;
};

/** Observations in seconds of the video: `originMs` is when the camera showed its beginning. */
export const inVideoSeconds = (observations, knownMs, { originMs, speed }) => {
  const seconds = (ms) => round(((ms - originMs) / 1000) * speed, 2);
  return observations.map(({ id, type, from_ms, to_ms, confidence }) => ({
    type,
    from_s: seconds(from_ms),
    to_s: seconds(to_ms),
    confidence,
    known_s: knownMs.has(id) ? seconds(knownMs.get(id)) : null,
  }));
};

/** Sets observations against what happens in the video. `latency_s` is the longest time from an event's start to its being known. */
export const scoreAgainst = (events, observations) => {
  /** @type {Record<string, { events: number; found: number; latency_s: number | null }>} */
  const truth = {};
  for (const event of events) {
    const entry = (truth[event.type] ??= { events: 0, found: 0, latency_s: null });
    entry.events += 1;
    const matches = observations.filter(({ type, ...interval }) => type === event.type && overlaps(interval, event));
    if (matches.length === 0) continue;
    entry.found += 1;
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
