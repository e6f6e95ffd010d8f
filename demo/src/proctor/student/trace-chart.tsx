import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Reading } from '../watch/live-readings.ts';
import { traceSeconds } from '../watch/trace.ts';

const heightPx = 96;

export interface ChartSpec {
  title: string;
  /** Fixed, so that small movements look small. */
  range: readonly [number, number];
  /** Values at which the scale has lines. */
  marks: readonly number[];
  unit: string;
  lines: readonly { name: string; value: (reading: Reading) => number | null | undefined }[];
}

const create = (place: HTMLElement, spec: ChartSpec): uPlot => {
  const style = getComputedStyle(place);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--ink-soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const strokes = [
    { stroke: colour('--accent'), width: 2 },
    { stroke: colour('--warning'), width: 2, dash: [6, 4] },
  ];
  return new uPlot(
    {
      width: place.clientWidth,
      height: heightPx,
      cursor: { show: false },
      legend: { show: false },
      scales: { x: { time: false, range: [-traceSeconds, 0] }, y: { range: [...spec.range] } },
      axes: [
        { ...axis, size: 22, values: (_, moments) => moments.map((moment) => `${moment} s`) },
        {
          ...axis,
          size: 44,
          splits: () => [...spec.marks],
          values: (_, values) => values.map((value) => `${value}${spec.unit}`),
        },
      ],
      series: [
        {},
        ...spec.lines.map(({ name }, index) => ({ label: name, points: { show: false }, ...strokes[index] })),
      ],
    },
    [[], ...spec.lines.map(() => [])],
    place,
  );
};

const dataOf = (history: readonly Reading[], { lines }: ChartSpec): uPlot.AlignedData => {
  const nowMs = history.at(-1)?.timestamp ?? 0;
  return [
    history.map(({ timestamp }) => (timestamp - nowMs) / 1000),
    ...lines.map(({ value }) => history.map((reading) => value(reading) ?? null)),
  ];
};

/** The last minute of some measurements. The line is broken where they are unknown. */
export const TraceChart = ({ spec, history }: { spec: ChartSpec; history: readonly Reading[] }) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const shown = useRef(history);
  shown.current = history;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = create(element, spec);
      chart.current.setData(dataOf(shown.current, spec));
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
  }, [spec]);
  useEffect(() => chart.current?.setData(dataOf(history, spec)), [history, spec]);
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
