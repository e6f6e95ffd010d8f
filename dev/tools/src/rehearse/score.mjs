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
export const knownTimesMs = (frames, { compareFrames, startSession, stepSession, ruleSets }, version) => {
  const times = new Map();
  let state = startSession();
  for (const frame of frames.toSorted(compareFrames)) {
    const [next, events] = stepSession(state, frame, ruleSets[version]);
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

const farther = (before, errorS) => (before === null || Math.abs(errorS) > Math.abs(before) ? errorS : before);

/**
 * Sets observations against what happens in the video. `latency_s` is the longest time from an event's start to its being known;
 * `start_error_s` and `end_error_s` are how far the observations begin and end beside the events, at the worst (positive: late).
 */
export const scoreAgainst = (events, observations) => {
  /** @type {Record<string, { events: number; found: number; latency_s: number | null; start_error_s: number | null; end_error_s: number | null }>} */
  const truth = {};
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
