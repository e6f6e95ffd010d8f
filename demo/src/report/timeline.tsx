import type { Coverage, Report, ReportObservation } from '@invigil/protocol/report';
import { useSignal } from '@preact/signals';
import { clockText, durationText } from '../page/duration-text.ts';
import { observationName, observationWords } from '../words/observation-words.ts';
import { evidenceTexts } from './evidence-texts.ts';
import { lanesOf } from './lane-groups.ts';
import type { Lane } from './lane-groups.ts';
import { reportTexts } from './report-texts.ts';
import { moved, placeOf, sinceStart, ticksOf, zoomed } from './time-axis.ts';
import type { TimeWindow } from './time-axis.ts';

const texts = reportTexts.timeline;
const zoomFactor = 2;
const moveShare = 0.5;

const openNumbers = (id: string): void => {
  const details = document.getElementById(`observation-${id}`);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.querySelector('summary')?.focus();
  details.scrollIntoView({ block: 'center' });
};

const CoverageLane = ({ coverage, window }: { coverage: Coverage; window: TimeWindow }) => (
  <div class="lane">
    <span class="lane-name">{texts.lane}</span>
    <div class="track observed">
      {coverage.gaps.map((gap) => {
        const fromS = sinceStart(gap.from_ms, coverage.from_ms);
        const toS = sinceStart(gap.to_ms, coverage.from_ms);
        const place = placeOf(fromS, toS, window);
        const says = texts.gap(observationWords.reasons[gap.reason], clockText(fromS), durationText(toS - fromS));
        return place === null ? null : (
          <span key={gap.from_ms} class="gap" role="img" aria-label={says} title={says} style={place} />
        );
      })}
      {(coverage.late ?? []).map((span) => {
        const fromS = sinceStart(span.from_ms, coverage.from_ms);
        const toS = sinceStart(span.to_ms, coverage.from_ms);
        const place = placeOf(fromS, toS, window);
        const says = evidenceTexts.kinds.lateSpan(clockText(fromS), durationText(toS - fromS));
        return place === null ? null : (
          <span
            key={span.from_ms}
            class="kind late late-span"
            role="img"
            aria-label={says}
            title={says}
            style={place}
          />
        );
      })}
    </div>
  </div>
);

interface LaneProps {
  lane: Lane;
  observations: readonly ReportObservation[];
  marks: Report['review']['observations'];
  startMs: number;
  window: TimeWindow;
}

const ObservationLane = ({ lane: { type, isWatched }, observations, marks, startMs, window }: LaneProps) => (
  <div class="lane">
    <span class="lane-name">{observationName(type)}</span>
    <div class={isWatched ? 'track' : 'track unwatched'}>
      {isWatched || observations.length > 0 ? null : <span class="track-note">{texts.unwatched}</span>}
      {observations.map(({ id, from_ms, to_ms, duration_s, usual }) => {
        const [fromS, toS] = [sinceStart(from_ms, startMs), sinceStart(to_ms, startMs)];
        const name = usual === true ? `${observationName(type)} (${evidenceTexts.usual})` : observationName(type);
        const says = texts.mark(name, clockText(fromS), durationText(duration_s));
        const place = placeOf(fromS, toS, window);
        return place === null ? null : (
          <button
            key={id}
            type="button"
            class="mark-button"
            data-usual={usual}
            data-mark={marks.find((mark) => mark.id === id)?.mark}
            aria-label={says}
            title={says}
            style={place}
            onClick={() => openNumbers(id)}
          />
        );
      })}
    </div>
  </div>
);

interface PageLaneProps {
  violations: Report['violations'];
  startMs: number;
  window: TimeWindow;
}

const PageLane = ({ violations, startMs, window }: PageLaneProps) => (
  <div class="lane-group" role="group" aria-label={texts.groups.page}>
    <span class="lane-group-name" aria-hidden="true">
      {texts.groups.page}
    </span>
    <div class="lane">
      <span class="lane-name">{texts.page}</span>
      <div class="track">
        {violations.list.map(({ type, timestamp }, index) => {
          const atS = sinceStart(timestamp, startMs);
          const place = placeOf(atS, atS, window);
          const says = `${observationWords.page[type]}, ${clockText(atS)}`;
          return place === null ? null : (
            <span
              key={`${timestamp}-${index}`}
              class="page-mark"
              role="img"
              aria-label={says}
              title={says}
              style={{ left: place.left }}
            />
          );
        })}
      </div>
    </div>
  </div>
);

interface ZoomProps {
  window: TimeWindow;
  durationS: number;
  set: (window: TimeWindow) => void;
}

const Zoom = ({ window, durationS, set }: ZoomProps) => {
  const whole = { fromS: 0, toS: durationS };
  const isWhole = window.fromS <= 0 && window.toS >= durationS;
  const steps = [
    { name: texts.zoom.in, to: zoomed(window, zoomFactor, durationS), isOff: false },
    { name: texts.zoom.out, to: zoomed(window, 1 / zoomFactor, durationS), isOff: isWhole },
    { name: texts.zoom.earlier, to: moved(window, -moveShare, durationS), isOff: window.fromS <= 0 },
    { name: texts.zoom.later, to: moved(window, moveShare, durationS), isOff: window.toS >= durationS },
    { name: texts.zoom.whole, to: whole, isOff: isWhole },
  ];
  return (
    <div class="zoom" role="group" aria-label={texts.zoom.group}>
      {steps.map(({ name, to, isOff }) => (
        <button
          key={name}
          type="button"
          class="button quiet small"
          aria-disabled={isOff}
          onClick={() => {
            if (!isOff) set(to);
          }}
        >
          {name}
        </button>
      ))}
      <span class="soft small number" role="status" translate={false}>
        {texts.zoom.shown(clockText(window.fromS), clockText(window.toS))}
      </span>
    </div>
  );
};

/**
 * The whole session from left to right, or a part of it: coverage, and a lane for everything that the rules watched
 * for.
 */
export const Timeline = ({ report, coverage }: { report: Report; coverage: Coverage }) => {
  const durationS = coverage.duration_s;
  const chosen = useSignal<TimeWindow | null>(null);
  const window = chosen.value ?? { fromS: 0, toS: durationS };
  return (
    <section class="card" aria-labelledby="timeline">
      <h2 id="timeline">{texts.title}</h2>
      <p class="soft small">{texts.hint}</p>
      <Zoom window={window} durationS={durationS} set={(next) => (chosen.value = next)} />
      <div class="lanes">
        <CoverageLane coverage={coverage} window={window} />
        {lanesOf(report).map(({ group, lanes }) => (
          <div key={group} class="lane-group" role="group" aria-label={texts.groups[group]}>
            <span class="lane-group-name" aria-hidden="true">
              {texts.groups[group]}
            </span>
            {lanes.map((lane) => (
              <ObservationLane
                key={lane.type}
                lane={lane}
                observations={report.observations.filter(({ type }) => type === lane.type)}
                marks={report.review.observations}
                startMs={coverage.from_ms}
                window={window}
              />
            ))}
          </div>
        ))}
        <PageLane violations={report.violations} startMs={coverage.from_ms} window={window} />
        <div class="lane axis" aria-hidden="true">
          <span class="lane-name" />
          <div class="ticks">
            {ticksOf(window).map((second) => (
              <span
                key={second}
                class="tick number"
                translate={false}
                style={{ left: placeOf(second, second, window)?.left ?? '0' }}
              >
                {clockText(second)}
              </span>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
};
