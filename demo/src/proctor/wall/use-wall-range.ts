import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { AnimationBatch } from '../../page/animation-batch.ts';
import { gridOf, rangeOf } from './wall-grid.ts';
import type { SeatRange, WallDensity, WallGrid } from './wall-grid.ts';

interface View {
  grid: WallGrid;
  range: SeatRange;
}

/** As in the style sheets. */
const isTouched = (): boolean => matchMedia('(pointer: coarse), (max-width: 40rem)').matches;

const rootFontPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/**
 * Which of `count` tiles are on the screen, as the window is scrolled and resized; null before the first measurement.
 */
export const useWallRange = (place: RefObject<HTMLElement | null>, count: number, density: WallDensity) => {
  const view = useSignal<View | null>(null);
  useEffect(() => {
    const measure = (): void => {
      const element = place.current;
      if (element === null) return;
      const grid = gridOf(element.clientWidth, rootFontPx(), density, isTouched());
      const range = rangeOf(grid, count, element.getBoundingClientRect().top, window.innerHeight);
      const before = view.peek();
      if (
        before?.range.from === range.from &&
        before.range.to === range.to &&
        before.grid.tileWidthPx === grid.tileWidthPx &&
        before.grid.tileHeightPx === grid.tileHeightPx
      )
        return;
      view.value = { grid, range };
    };
    const measuring = new AnimationBatch(measure);
    const measureSoon = (): void => measuring.request();
    const resized = new ResizeObserver(measureSoon);
    measure();
    if (place.current !== null) resized.observe(place.current);
    window.addEventListener('scroll', measureSoon, { passive: true });
    window.addEventListener('resize', measureSoon);
    return () => {
      measuring.close();
      resized.disconnect();
      window.removeEventListener('scroll', measureSoon);
      window.removeEventListener('resize', measureSoon);
    };
  }, [count, density]);
  return view;
};
