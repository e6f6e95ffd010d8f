import type { Coverage, Report, ReportObservation } from '@invigil/protocol';
import { clockText, durationText } from '../page/duration-text.ts';
import { observationName, observationWords } from '../words/observation-words.ts';
import { reportTexts } from './report-texts.ts';
import { placeOf, ticksOf } from './time-axis.ts';

const texts = reportTexts.timeline;

const openNumbers = (id: string): void => {
  const details = document.getElementById(`observation-${id}`);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.querySelector('summary')?.focus();
  details.scrollIntoView({ block: 'center' });
};

const CoverageLane = ({ coverage }: { coverage: Coverage }) => (
  <div class="lane">
    <span class="lane-name">{texts.lane}</span>
    <div class="track observed">
      {coverage.gaps.map((gap) => {
        const fromS = (gap.from_ms - coverage.from_ms) / 1000;
        const toS = (gap.to_ms - coverage.from_ms) / 1000;
        const says = texts.gap(observationWords.reasons[gap.reason], clockText(fromS), durationText(toS - fromS));
        return (
          <span
            key={gap.from_ms}
            class="gap"
            role="img"
            aria-label={says}
            title={says}
            style={placeOf(fromS, toS, coverage.duration_s)}
          />
        );
      })}
    </div>
  </div>
);

interface LaneProps {
  type: ReportObservation['type'];
  watched: boolean;
  observations: readonly ReportObservation[];
  durationS: number;
}

const ObservationLane = ({ type, watched, observations, durationS }: LaneProps) => (
  <div class="lane">
    <span class="lane-name">{observationName(type)}</span>
    <div class={watched ? 'track' : 'track unwatched'}>
      {watched || observations.length > 0 ? null : <span class="track-note">{texts.unwatched}</span>}
      {observations.map(({ id, from_s, to_s, duration_s }) => {
        const says = texts.mark(observationName(type), clockText(from_s), durationText(duration_s));
        return (
          <button
            key={id}
            type="button"
            class="mark-button"
            aria-label={says}
            title={says}
            style={placeOf(from_s, to_s, durationS)}
            onClick={() => openNumbers(id)}
          />
        );
      })}
    </div>
  </div>
);

/** The whole sitting from left to right: what was observed, and one lane for everything that was looked for. */
export const Timeline = ({ report, coverage }: { report: Report; coverage: Coverage }) => {
  const durationS = coverage.duration_s;
  const noted = new Set(report.observations.map(({ type }) => type));
  const others = [...noted].filter((type) => !report.rules.some((rule) => rule.type === type));
  const lanes = [...report.rules, ...others.map((type) => ({ type, watched_s: durationS }))];
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{texts.title}</h2>
      <p class="soft small">{texts.hint}</p>
      <div class="lanes">
        <CoverageLane coverage={coverage} />
        {lanes.map(({ type, watched_s }) => (
          <ObservationLane
            key={type}
            type={type}
            watched={watched_s > 0}
            observations={report.observations.filter((observation) => observation.type === type)}
            durationS={durationS}
          />
        ))}
        <div class="lane axis" aria-hidden="true">
          <span class="lane-name" />
          <div class="ticks">
            {ticksOf(durationS).map((second) => (
              <span key={second} class="tick number" style={{ left: placeOf(second, second, durationS).left }}>
                {clockText(second)}
              </span>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
};
