import { untranslated } from '../page/untranslated.ts';
import type { Report, ReportObservation } from '@invigil/protocol/report';
import { clockText, durationText } from '../page/duration-text.ts';
import { localNumbers, numberText, percentText } from '../page/number-text.ts';
import { measuredName, observationName } from '../words/observation-words.ts';
import { ObservationReview } from './observation-review.tsx';
import { evidenceTexts } from './evidence-texts.ts';
import { showInReplay } from './replay/replay-target.ts';
import { replayTexts } from './replay/replay-texts.ts';
import { reportTexts } from './report-texts.ts';
import { sinceStart } from './time-axis.ts';
import type { ReviewWriter } from './review-writer.ts';

const texts = reportTexts.observations;

const timeOf = ({ from_ms, to_ms, duration_s }: ReportObservation, startMs: number): string =>
  `${clockText(sinceStart(from_ms, startMs))} – ${clockText(sinceStart(to_ms, startMs))} (${durationText(duration_s)})`;

const rowsOf = (observation: ReportObservation, startMs: number): readonly (readonly [string, string])[] => [
  [texts.time, timeOf(observation, startMs)],
  [texts.confidence, percentText(observation.confidence)],
  ...Object.entries(observation.measured).map(
    ([name, value]) => [`${texts.measured}: ${measuredName(name)}`, localNumbers(String(value))] as const,
  ),
  [texts.frames, numberText(observation.frames)],
  [texts.evidence, Object.values(observation.evidence).join(', ')],
];

/** Each observation with its measurements and readings. */
export const ObservationList = ({ report, writer }: { report: Report; writer: ReviewWriter }) => {
  const startMs = report.coverage?.from_ms ?? Date.parse(report.session.started_at);
  return (
    <section class="card" aria-labelledby="observations">
      <h2 id="observations">{texts.title}</h2>
      {report.observations.length === 0 ? <p class="soft">{texts.none}</p> : null}
      {report.observations.map((observation) => (
        <details key={observation.id} id={`observation-${observation.id}`} class="observation">
          <summary>
            <span class="number soft" translate={false}>
              {clockText(sinceStart(observation.from_ms, startMs))}
            </span>{' '}
            {observationName(observation.type)}{' '}
            <span class="number soft" translate={false}>
              {durationText(observation.duration_s)}
            </span>
            {observation.usual === true ? <span class="usual-tag">{evidenceTexts.usual}</span> : null}
          </summary>
          {observation.usual === true ? <p class="soft small">{evidenceTexts.usualHint}</p> : null}
          <dl class="numbers">
            {rowsOf(observation, startMs).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="number" {...untranslated(value)}>
                  {value}
                </dd>
              </div>
            ))}
          </dl>
          <button class="button quiet small no-print" type="button" onClick={() => showInReplay(observation.from_ms)}>
            {replayTexts.show}
          </button>
          {report.session.status === 'running' ? null : (
            <ObservationReview observationId={observation.id} review={report.review} writer={writer} />
          )}
        </details>
      ))}
    </section>
  );
};
