export interface WallGrid {
  columns: number;
  tileWidthPx: number;
  tileHeightPx: number;
  gapPx: number;
}

/** As many columns as fit, their tiles as wide as there is room. */
export const gridOf = (widthPx: number, remPx: number): WallGrid => {
  const gapPx = 0.75 * remPx;
  const columns = Math.max(1, Math.floor((widthPx + gapPx) / (15 * remPx + gapPx)));
  return { columns, gapPx, tileWidthPx: (widthPx - (columns - 1) * gapPx) / columns, tileHeightPx: 11.5 * remPx };
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
