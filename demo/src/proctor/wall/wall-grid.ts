export interface WallGrid {
  columns: number;
  tileWidthPx: number;
  tileHeightPx: number;
  gapPx: number;
}

/** `tiles`: everything; `compact`: without charts; `table`: one line each. */
export const densities = ['tiles', 'compact', 'table'] as const;
export type WallDensity = (typeof densities)[number];

/** In rem. */
const sizes: Record<WallDensity, { leastWidth: number; height: number; gap: number }> = {
  tiles: { leastWidth: 15, height: 10, gap: 0.75 },
  compact: { leastWidth: 12, height: 4.8, gap: 0.5 },
  table: { leastWidth: 20, height: 1.6, gap: 0.25 },
};

/** Smallest height of a tile that a finger opens, in rem. */
const touchHeight = 2.75;

/** As many columns as fit, their tiles as wide as there is room. */
export const gridOf = (widthPx: number, remPx: number, density: WallDensity = 'tiles', isTouched = false): WallGrid => {
  const { leastWidth, height, gap } = sizes[density];
  const gapPx = gap * remPx;
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (leastWidth * remPx + gapPx)));
  const tileHeightPx = (isTouched ? Math.max(height, touchHeight) : height) * remPx;
  return { columns, gapPx, tileWidthPx: (widthPx - (columns - 1) * gapPx) / columns, tileHeightPx };
};

export const heightPxOf = ({ columns, tileHeightPx, gapPx }: WallGrid, count: number): number =>
  Math.max(0, Math.ceil(count / columns) * (tileHeightPx + gapPx) - gapPx);

export interface SeatRange {
  from: number;
  /** Exclusive. */
  to: number;
}

/** Tiles that are at least partly on the screen, and one more row at both ends. */
export const rangeOf = (
  { columns, tileHeightPx, gapPx }: WallGrid,
  count: number,
  topPx: number,
  viewHeightPx: number,
): SeatRange => {
  const rowPx = tileHeightPx + gapPx;
  const firstRow = Math.max(0, Math.floor(-topPx / rowPx) - 1);
  const rowAfter = Math.max(0, Math.ceil((viewHeightPx - topPx) / rowPx) + 1);
  return { from: Math.min(count, firstRow * columns), to: Math.min(count, rowAfter * columns) };
};

export const placeOf = ({ columns, tileWidthPx, tileHeightPx, gapPx }: WallGrid, index: number) => ({
  left: `${(index % columns) * (tileWidthPx + gapPx)}px`,
  top: `${Math.floor(index / columns) * (tileHeightPx + gapPx)}px`,
  width: `${tileWidthPx}px`,
  height: `${tileHeightPx}px`,
});

/** The tile that a key leads to; null for other keys. */
export const stepOf = (
  key: string,
  columns: number,
  count: number,
  from: number,
  rowsInView: number,
): number | null => {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    PageDown: from + columns * rowsInView,
    PageUp: from - columns * rowsInView,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, to));
};
