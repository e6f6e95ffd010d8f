import type { MinuteCell } from '@invigil/protocol/frame';

/** Neighbouring seconds of the same kind, for drawing. */
export const minuteRuns = (cells: readonly MinuteCell[]): { cell: MinuteCell; from: number; length: number }[] => {
  const runs: { cell: MinuteCell; from: number; length: number }[] = [];
  for (const [index, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last?.cell === cell) last.length += 1;
    else runs.push({ cell, from: index, length: 1 });
  }
  return runs;
};
