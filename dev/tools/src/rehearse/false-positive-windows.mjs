/** How far from an event a moment must be to belong to a calm stretch, seconds. */
const marginS = 1.5;

/** The stretches of the video, in seconds, in which nothing of the truth happens. */
export const calmStretches = (events, durationS) => {
  const stretches = [];
  let from_s = 0;
  for (const event of events.toSorted((a, b) => a.from_s - b.from_s)) {
    if (event.from_s - marginS > from_s) stretches.push({ from_s, to_s: event.from_s - marginS });
    from_s = Math.max(from_s, event.to_s + marginS);
  }
  if (durationS > from_s) stretches.push({ from_s, to_s: durationS });
  return stretches;
};

const partSession = {
  session_id: 'part',
  exam_id: null,
  member_id: null,
  status: 'ended',
  started_at: new Date(0).toISOString(),
  ended_at: null,
};
const nothingLost = { frames_lost: 0, losses: {}, chain: null };

/**
 * What the rules say of the calm stretches when nothing else was ever seen: of each alone, and of all of them as one sitting.
 * `risk` is the highest of them.
 */
export const calmFigures = (frames, stretches, { originMs, speed }, { foldFrames, makeReport, ruleSets }, version) => {
  const set = ruleSets[version];
  const secondOf = ({ timestamp }) => ((timestamp - originMs) / 1000) * speed;
  const inside = ({ from_s, to_s }) => frames.filter((frame) => secondOf(frame) >= from_s && secondOf(frame) <= to_s);
  const facts = { session: partSession, integrity: nothingLost, endMs: null, set, accommodations: [], weights: null };
  const reportOf = (list) => makeReport(foldFrames(list, set), facts);
  const reports = [...stretches.map(inside), stretches.flatMap(inside)].map(reportOf);
  return {
    stretches: stretches.length,
    seconds: Math.round(stretches.reduce((total, { from_s, to_s }) => total + (to_s - from_s), 0) * 10) / 10,
    risk: Math.max(...reports.map(({ risk }) => risk.value)),
    observations: reports.flatMap(({ observations }) =>
      observations.filter(({ type }) => type !== 'stream_gap').map(({ type }) => type),
    ),
  };
};
