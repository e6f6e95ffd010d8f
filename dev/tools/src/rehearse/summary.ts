import type { Report } from '@invigil/protocol/report';
import type { EngineFigures, PaceFigures, Spread } from './figures.ts';
import type { RehearsalScore, TypeScore, VideoObservation } from './score.ts';
import type { UneventfulFigures } from './uneventful-windows.ts';

/** The result of a rehearsal. `score` and `uneventful` are null without labelled events. */
export interface RehearsalResult {
  durationS: number;
  frames: number;
  framesLost: number;
  pace: PaceFigures | null;
  observations: VideoObservation[];
  score: RehearsalScore | null;
  figures: EngineFigures;
  coverage: Report['coverage'];
  risk: Report['risk'];
  uneventful: UneventfulFigures | null;
  outFolder: string;
}

const words = (type: string): string => type.replaceAll('_', ' ');
const number = (value: number | null, digits = 1): string => (value === null ? '–' : value.toFixed(digits));
const spread = (name: string, { p50, p95 }: Spread): string => `${name} ${number(p50, 0)}/${number(p95, 0)}`;

const observationLine = (observation: VideoObservation, isFalse: boolean): string => {
  const times = `${number(observation.from_s)} – ${number(observation.to_s)} s`;
  const known = `known at ${number(observation.known_s)} s`;
  const confidence = `confidence ${number(observation.confidence, 2)}`;
  return `  ${words(observation.type).padEnd(18)} ${times.padEnd(18)} ${known.padEnd(18)} ${confidence}${isFalse ? '   NOT IN THE TRUTH' : ''}`;
};

const truthLine = ([type, score]: [string, TypeScore]): string => {
  const { events, found, latency_s, start_error_s, end_error_s } = score;
  const latency = latency_s === null ? '' : `, known ${number(latency_s)} s after the start at the latest`;
  const errors = found === 0 ? '' : `, ${number(start_error_s)} / ${number(end_error_s)} s late at its ends`;
  return `  ${words(type).padEnd(18)} ${found} of ${events} found${latency}${errors}`;
};

const riskLines = ({ value, contributions, sum_of_points, capped_at }: Report['risk']): string[] => [
  `Risk ${value} of 100: the points below, ${sum_of_points} in all, at most ${capped_at}`,
  ...contributions.map(({ type, arithmetic }) => `  ${words(type).padEnd(18)} ${arithmetic}`),
];

const uneventfulLine = ({ stretches, seconds, risk, observations }: UneventfulFigures): string =>
  `  ${stretches} windows without events (${seconds} s), analysed by themselves: risk ${risk}, ${observations.length} observations`;

const paceText = (pace: PaceFigures | null): string =>
  pace === null
    ? ''
    : `, ${number(pace.meanHz)} a second (slowest five seconds: ${number(pace.slowestHz)}; longest gap ${number(pace.longestGapMs / 1000)} s)`;

const truthLines = ({ score, uneventful }: RehearsalResult): string[] =>
  score === null
    ? []
    : [
        '',
        'Against the truth',
        ...Object.entries(score.truth).map(truthLine),
        `  ${score.falseObservations.length} false observations`,
        ...(uneventful === null ? [] : [uneventfulLine(uneventful)]),
      ];

/** The result as text for people. */
export const summaryText = (result: RehearsalResult): string => {
  const { durationS, framesLost, frames, pace, observations, score, figures, coverage, risk, outFolder } = result;
  const engine = (['face', 'object', 'hand'] as const).map((name) => spread(name, figures[`${name}_ms`])).join(', ');
  const falseOnes = new Set(score?.falseObservations);
  return [
    '',
    `Session of ${number(durationS)} s: ${frames} frames${paceText(pace)}, ${framesLost} lost`,
    coverage === null ? 'Coverage: nothing was observed' : `Coverage ${number(coverage.share * 100)} %`,
    `Engine on ${figures.backend ?? 'an unknown backend'}, median/p95 ms: ${engine}`,
    '',
    observations.length === 0 ? 'No observations' : 'Observations',
    ...observations.map((observation) => observationLine(observation, falseOnes.has(observation))),
    ...truthLines(result),
    '',
    ...riskLines(risk),
    '',
    'The report recomputed from the dump is identical, byte for byte.',
    `The results are in ${outFolder}: report.json, frames.json and dump.json.`,
  ].join('\n');
};

const withoutKnown = ({ type, from_s, to_s, confidence }: VideoObservation): object => ({
  type,
  from_s,
  to_s,
  confidence,
});

/** The object that `--json` prints. Without labelled events, the results that depend on them are null. */
export const resultJson = (result: RehearsalResult): object => {
  const { durationS, frames, framesLost, observations, figures, risk, score, uneventful } = result;
  return {
    duration_s: durationS,
    frames,
    frames_lost: framesLost,
    observations: observations.map(withoutKnown),
    truth: score?.truth ?? null,
    false_observations: score?.falseObservations.map(withoutKnown) ?? null,
    engine: figures,
    risk: {
      value: risk.value,
      points: Object.fromEntries(risk.contributions.map(({ type, points }) => [type, points])),
    },
    calm: uneventful,
  };
};
