import type { Report, ReportObservation } from '@invigil/protocol/report';
import { clockText, durationText } from '../page/duration-text.ts';
import { measuredName, observationName } from '../words/observation-words.ts';
import { ObservationReview } from './observation-review.tsx';
import { reportTexts } from './report-texts.ts';
import type { ReviewWriter } from './review-writer.ts';

const texts = reportTexts.observations;

const rowsOf = (observation: ReportObservation): readonly (readonly [string, string])[] => [
  [
    texts.time,
    `${clockText(observation.from_s)} – ${clockText(observation.to_s)} (${durationText(observation.duration_s)})`,
  ],
  [texts.confidence, texts.percent(String(Math.round(observation.confidence * 100)))],
  ...Object.entries(observation.measured).map(
    ([name, value]) => [`${texts.measured}: ${measuredName(name)}`, String(value)] as const,
  ),
  [texts.frames, String(observation.frames)],
  [texts.evidence, Object.values(observation.evidence).join(', ')],
];

/** Each observation with its measurements and readings. */
export const ObservationList = ({ report, writer }: { report: Report; writer: ReviewWriter }) => (
  <section class="card" aria-labelledby="observations">
    <h2 id="observations">{texts.title}</h2>
    {report.observations.length === 0 ? <p class="soft">{texts.none}</p> : null}
    {report.observations.map((observation) => (
      <details key={observation.id} id={`observation-${observation.id}`} class="observation">
        <summary>
          <span class="number soft">{clockText(observation.from_s)}</span> {observationName(observation.type)}{' '}
          <span class="number soft">{durationText(observation.duration_s)}</span>
        </summary>
        <dl class="numbers">
          {rowsOf(observation).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="number">{value}</dd>
            </div>
          ))}
        </dl>
        {report.session.status === 'running' ? null : (
          <ObservationReview observationId={observation.id} review={report.review} writer={writer} />
        )}
      </details>
    ))}
  </section>
);
