import type { Replay, ReplayColumnName, ReportObservation } from '@invigil/protocol/report';
import { numberText } from '../../page/number-text.ts';
import { replayTexts as texts } from './replay-texts.ts';

/** Time shown before and after the position, milliseconds. */
const chartSpanMs = 15_000;
/** A line is not drawn across a longer time without frames. */
const bridgedMs = 3000;
const size = { width: 600, height: 80 };

export interface ReplayChartSpec {
  title: string;
  column: ReplayColumnName;
  /** Multiplies the reading for the chart's unit. */
  factor: number;
  range: readonly [number, number];
  /** Where the rule sees its condition, in the chart's unit. */
  limits: readonly number[];
}

interface ReplayChartProps {
  spec: ReplayChartSpec;
  replay: Replay;
  /** From the replay's start. */
  timeMs: number;
  observations: readonly ReportObservation[];
}

/** Runs of known values as SVG paths. */
const pathOf = (
  { spec, replay, timeMs }: Omit<ReplayChartProps, 'observations'>,
  y: (value: number) => number,
): string => {
  const parts: string[] = [];
  let lastMs: number | null = null;
  const first = Math.max(0, replay.indexAt(timeMs - chartSpanMs));
  for (let index = first; index < replay.count; index += 1) {
    const atMs = replay.timeMs(index);
    if (atMs > timeMs + chartSpanMs) break;
    const value = replay.value(index, spec.column);
    if (value === null) {
      lastMs = null;
      continue;
    }
    const isJoined = lastMs !== null && atMs - lastMs <= bridgedMs;
    parts.push(`${isJoined ? 'L' : 'M'}${xOf(atMs - timeMs).toFixed(1)} ${y(value * spec.factor).toFixed(1)}`);
    lastMs = atMs;
  }
  return parts.join('');
};

const xOf = (fromNowMs: number): number => ((fromNowMs + chartSpanMs) / (2 * chartSpanMs)) * size.width;

/** A reading around the position, with the limits of its rule and the observations of that time. */
export const ReplayChart = ({ spec, replay, timeMs, observations }: ReplayChartProps) => {
  const [low, high] = spec.range;
  const y = (value: number): number =>
    size.height - ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * size.height;
  const index = replay.indexAt(timeMs);
  const value = index < 0 ? null : replay.value(index, spec.column);
  const shown = value === null ? '–' : numberText(value * spec.factor);
  return (
    <figure class="replay-chart">
      <figcaption class="small">
        {spec.title}{' '}
        <span class="number" translate={false}>
          {shown}
        </span>
        {spec.limits.length === 0 ? null : (
          <span class="soft">
            {' '}
            ({texts.limit}{' '}
            <span class="number" translate={false}>
              {spec.limits.map((limit) => numberText(limit)).join(', ')}
            </span>
            )
          </span>
        )}
      </figcaption>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
        {observations.map(({ id, from_ms: fromMs, to_ms: toMs }) => {
          const from = xOf(Math.max(-chartSpanMs, fromMs - replay.startMs - timeMs));
          const to = xOf(Math.min(chartSpanMs, toMs - replay.startMs - timeMs));
          return to <= from ? null : (
            <rect key={id} class="span" x={from} y={0} width={to - from} height={size.height} />
          );
        })}
        {spec.limits.map((limit) => (
          <line key={limit} class="limit" x1={0} x2={size.width} y1={y(limit)} y2={y(limit)} />
        ))}
        <line class="position" x1={size.width / 2} x2={size.width / 2} y1={0} y2={size.height} />
        <path class="line" d={pathOf({ spec, replay, timeMs }, y)} />
      </svg>
    </figure>
  );
};
