import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import { useChart } from '../page/use-chart.ts';
import type { ChartOptions } from '../page/use-chart.ts';
import type { Reading } from './camera-check.ts';
import { checkTexts as texts } from './check-texts.ts';

const degrees = (rad: number | null | undefined): number | null =>
  rad === null || rad === undefined ? null : (rad * 180) / Math.PI;

const dataOf = (history: readonly Reading[]): uPlot.AlignedData => {
  const now = history.at(-1)?.timestamp ?? 0;
  return [
    history.map(({ timestamp }) => (timestamp - now) / 1000),
    history.map(({ head_yaw }) => degrees(head_yaw)),
    history.map(({ head_pitch }) => degrees(head_pitch)),
  ];
};

const options: ChartOptions = {
  heightPx: 150,
  seconds: 20,
  // Larger angles are not expected.
  range: [-60, 60],
  lines: [texts.turned, texts.raised],
  axes: [{}, { values: (_, angles) => angles.map((angle) => `${angle}°`) }],
};

/** Head movement of the last seconds. The line is broken where readings are unknown. */
export const HeadChart = ({ history }: { history: readonly Reading[] }) => {
  const data = useMemo(() => dataOf(history), [history]);
  const place = useChart(options, data);
  return (
    <figure class="chart">
      <figcaption>
        {texts.chart} <span class="key turned">{texts.turned}</span> <span class="key raised">{texts.raised}</span>
      </figcaption>
      <div ref={place} class="chart-place" />
    </figure>
  );
};
