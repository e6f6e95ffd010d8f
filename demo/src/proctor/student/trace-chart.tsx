import { minuteSeconds } from '@invigil/protocol/frame';
import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { useChart } from '../../page/use-chart.ts';
import type { ChartOptions } from '../../page/use-chart.ts';
import type { Reading } from '../watch/live-readings.ts';

export interface ChartSpec {
  title: string;
  /** Fixed, so that small movements look small. */
  range: readonly [number, number];
  /** Values at which the scale has lines. */
  marks: readonly number[];
  unit: string;
  lines: readonly { name: string; value: (reading: Reading) => number | null | undefined }[];
}

const optionsOf = ({ range, marks, unit, lines }: ChartSpec): ChartOptions => ({
  heightPx: 96,
  seconds: minuteSeconds,
  range,
  lines: lines.map(({ name }) => name),
  axes: [{ size: 22 }, { splits: () => [...marks], values: (_, values) => values.map((value) => `${value}${unit}`) }],
});

const dataOf = (history: readonly Reading[], { lines }: ChartSpec): uPlot.AlignedData => {
  const nowMs = history.at(-1)?.timestamp ?? 0;
  return [
    history.map(({ timestamp }) => (timestamp - nowMs) / 1000),
    ...lines.map(({ value }) => history.map((reading) => value(reading) ?? null)),
  ];
};

/** The last minute of some measurements. The line is broken where they are unknown. */
export const TraceChart = ({ spec, history }: { spec: ChartSpec; history: readonly Reading[] }) => {
  const options = useMemo(() => optionsOf(spec), [spec]);
  const data = useMemo(() => dataOf(history, spec), [history, spec]);
  const place = useChart(options, data);
  return (
    <figure class="chart">
      <figcaption>
        <strong>{spec.title}</strong>{' '}
        {spec.lines.map(({ name }, index) => (
          <span key={name} class={index === 0 ? 'key' : 'key dashed'}>
            {name}
          </span>
        ))}
      </figcaption>
      <div ref={place} />
    </figure>
  );
};
