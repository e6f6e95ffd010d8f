import { isObserved } from '@invigil/protocol/frame';
import type { Features } from '@invigil/protocol/frame';

/** One second of a student's strip; a later kind in this list takes precedence over an earlier one. */
const cellKinds = ['empty', 'observed', 'not_observed', 'notable'] as const;
export type Cell = (typeof cellKinds)[number];

export const traceSeconds = 60;
/**
 * A longer time without a reading counts neither as observed nor as not observed: the tile may have been off screen.
 */
const maxIntervalMs = 3000;

/** A student's last minute while their tile was on the screen. */
export interface Trace {
  /** Oldest first, always `traceSeconds` of them; the last is the second of the newest reading. */
  cells: readonly Cell[];
  lastMs: number | null;
}

export const emptyTrace: Trace = {
  cells: Array.from({ length: traceSeconds }, () => 'empty' as const),
  lastMs: null,
};

/** Whether a single reading needs attention. It is not an observation: those persist, and are made by the rules. */
const isNotable = ({ no_of_face: faces, phone_present: phone }: Features): boolean =>
  phone === 1 || (typeof faces === 'number' && faces !== 1);

const cellOf = (features: Features): Cell => {
  if (!isObserved(features)) return 'not_observed';
  return isNotable(features) ? 'notable' : 'observed';
};

const secondOf = (timestampMs: number): number => Math.floor(timestampMs / 1000);

/** @param timestampMs of the reading, on the student's clock. An older one changes nothing. */
export const stepTrace = (trace: Trace, features: Features, timestampMs: number): Trace => {
  const { cells, lastMs } = trace;
  if (lastMs !== null && timestampMs <= lastMs) return trace;
  const passed = lastMs === null ? traceSeconds : Math.min(traceSeconds, secondOf(timestampMs) - secondOf(lastMs));
  const moved = passed === 0 ? [...cells] : [...cells.slice(passed), ...emptyTrace.cells.slice(traceSeconds - passed)];
  const cell = cellOf(features);
  const elapsedMs = lastMs === null ? Infinity : timestampMs - lastMs;
  // The later of two readings determines the status of the time between them, as in coverage; a slow pace leaves no
  // holes.
  if (elapsedMs <= maxIntervalMs) moved.fill(cell, traceSeconds - passed, traceSeconds - 1);
  const before = moved[traceSeconds - 1] ?? 'empty';
  if (cellKinds.indexOf(cell) > cellKinds.indexOf(before)) moved[traceSeconds - 1] = cell;
  return {
    cells: moved,
    lastMs: timestampMs,
  };
};

/** Neighbouring seconds of the same kind, for drawing. */
export const runsOf = (cells: readonly Cell[]): { cell: Cell; from: number; length: number }[] => {
  const runs: { cell: Cell; from: number; length: number }[] = [];
  for (const [index, cell] of cells.entries()) {
    const last = runs.at(-1);
    if (last?.cell === cell) last.length += 1;
    else runs.push({ cell, from: index, length: 1 });
  }
  return runs;
};
