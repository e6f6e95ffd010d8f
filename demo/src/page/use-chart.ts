import { useEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartOptions {
  heightPx: number;
  /** The horizontal axis ends now. */
  seconds: number;
  /** Fixed, so that small movements look small. */
  range: readonly [number, number];
  /** Labels of at most two lines: the first is solid, the second dashed. */
  lines: readonly string[];
  /** Override the defaults of each axis. */
  axes: readonly [across: uPlot.Axis, up: uPlot.Axis];
}

const draw = (place: HTMLElement, { heightPx, seconds, range, lines, axes }: ChartOptions): uPlot => {
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
      scales: { x: { time: false, range: [-seconds, 0] }, y: { range: [...range] } },
      axes: [
        { ...axis, ...axes[0], values: (_, moments) => moments.map((moment) => `${moment} s`) },
        { ...axis, size: 44, ...axes[1] },
      ],
      series: [{}, ...lines.map((label, index) => ({ label, points: { show: false }, ...strokes[index] }))],
    },
    [[], ...lines.map(() => [])],
    place,
  );
};

/**
 * A chart that follows the window's width and the colour scheme.
 *
 * @param options a new object draws the chart again, so memoise it
 * @returns the element to draw in
 */
export const useChart = (options: ChartOptions, data: uPlot.AlignedData): RefObject<HTMLDivElement | null> => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(null);
  const shown = useRef(data);
  shown.current = data;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = (): void => {
      chart.current?.destroy();
      chart.current = draw(element, options);
      chart.current.setData(shown.current);
    };
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: element.clientWidth, height: options.heightPx }),
    );
    redraw();
    resized.observe(element);
    dark.addEventListener('change', redraw);
    return () => {
      dark.removeEventListener('change', redraw);
      resized.disconnect();
      chart.current?.destroy();
    };
  }, [options]);
  useEffect(() => chart.current?.setData(data), [data]);
  return place;
};
