const words = (type) => type.replaceAll('_', ' ');
const number = (value, digits = 1) => (value === null ? '–' : value.toFixed(digits));
const spread = (name, { p50, p95 }) => `${name} ${number(p50, 0)}/${number(p95, 0)}`;

const observationLine = (observation, isFalse) => {
  const times = `${number(observation.from_s)} – ${number(observation.to_s)} s`;
  const known = `known at ${number(observation.known_s)} s`;
  const confidence = `confidence ${number(observation.confidence, 2)}`;
  return `  ${words(observation.type).padEnd(18)} ${times.padEnd(18)} ${known.padEnd(18)} ${confidence}${isFalse ? '   NOT IN THE TRUTH' : ''}`;
};

const truthLine = ([type, { events, found, latency_s, start_error_s, end_error_s }]) => {
  const latency = latency_s === null ? '' : `, known ${number(latency_s)} s after the start at the latest`;
  const beside = found === 0 ? '' : `, ${number(start_error_s)} / ${number(end_error_s)} s late at its ends`;
  return `  ${words(type).padEnd(18)} ${found} of ${events} found${latency}${beside}`;
};

const riskLines = ({ value, contributions, sum_of_points, capped_at }) => [
  `Risk ${value} of 100: the points below, ${sum_of_points} in all, at most ${capped_at}`,
  ...contributions.map(({ type, arithmetic }) => `  ${words(type).padEnd(18)} ${arithmetic}`),
];

const calmLine = ({ stretches, seconds, risk, observations }) =>
  `  ${stretches} calm stretches of ${seconds} s, analysed without the rest: risk ${risk}, ${observations.length} observations`;

/** A rehearsal as people read it. */
export const summaryText = ({
  durationS,
  framesLost,
  frames,
  pace,
  observations,
  score,
  figures,
  coverage,
  risk,
  calm,
  outFolder,
}) => {
  const paceText =
    pace === null
      ? ''
      : `, ${number(pace.meanHz)} a second (slowest five seconds: ${number(pace.slowestHz)}; longest gap ${number(pace.longestGapMs / 1000)} s)`;
  const engine = ['face', 'object', 'hand'].map((name) => spread(name, figures[`${name}_ms`])).join(', ');
  const falseOnes = new Set(score?.falseObservations ?? []);
  return [
    '',
    `Sitting of ${number(durationS)} s: ${frames} frames${paceText}, ${framesLost} lost`,
    coverage === null ? 'Coverage: nothing was observed' : `Coverage ${number(coverage.share * 100)} %`,
    `Engine on ${figures.backend ?? 'an unknown backend'}, median/p95 ms: ${engine}`,
    '',
    observations.length === 0 ? 'No observations' : 'Observations',
    ...observations.map((observation) => observationLine(observation, falseOnes.has(observation))),
    ...(score === null
      ? []
      : [
          '',
          'Against the truth',
          ...Object.entries(score.truth).map(truthLine),
          `  ${score.falseObservations.length} false observations`,
          calmLine(calm),
        ]),
    '',
    ...riskLines(risk),
    '',
    'Made again from the dump, the report is the same to the byte.',
    `${outFolder}/report.json, frames.json and dump.json hold all of it.`,
  ].join('\n');
};
