import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Reading } from './camera-check.ts';
import { checkTexts as texts } from './check-texts.ts';

const heightPx = 150;
const spanS = 20;
/** Larger angles are not expected; the scale is fixed, so that small movements look small. */
const scaleDeg = 60;

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

const create = (place: HTMLElement): uPlot => {
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--ink-soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: place.clientWidth,
      height: heightPx,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: [-spanS, 0] }, y: { range: [-scaleDeg, scaleDeg] } },
      axes: [
        { ...axis, values: (_, moments) => moments.map((moment) => `${moment} s`) },
        { ...axis, size: 44, values: (_, angles) => angles.map((angle) => `${angle}°`) },
      ],
      series: [
        {},
        { label: texts.turned, stroke: colour('--accent'), width: 2, points: { show: false } },
        { label: texts.raised, stroke: colour('--warning'), width: 2, dash: [6, 4], points: { show: false } },
      ],
    },
    [[], [], []],
    place,
  );
};

/** Head movement of the last seconds. The line is broken where readings are unknown. */
export const HeadChart = ({ history }: { history: readonly Reading[] }) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = create(element);
    };
    const resized = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: heightPx }));
    draw();
    resized.observe(element);
    dark.addEventListener('change', draw);
    return () => {
      dark.removeEventListener('change', draw);
      resized.disconnect();
      chart.current?.destroy();
    };
  }, []);
  useEffect(() => chart.current?.setData(dataOf(history)), [history]);
  return (
    <figure class="chart">
      <figcaption>
        {texts.chart} <span class="key turned">{texts.turned}</span> <span class="key raised">{texts.raised}</span>
      </figcaption>
      <div ref={place} class="chart-place" />
    </figure>
  );
};
