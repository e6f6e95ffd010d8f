import { isObserved } from './feature-frame.ts';
import type { Features } from './feature-frame.ts';

/** One second of a student's last minute; a later kind in this list takes precedence over an earlier one. */
const cellKinds = ['empty', 'observed', 'not_observed', 'notable'] as const;
export type MinuteCell = (typeof cellKinds)[number];

/** On the wire: one letter for each second. */
const letters: Record<MinuteCell, string> = { empty: '-', observed: 'o', not_observed: 'u', notable: 'n' };

/** Seconds that a `RecentMinute` covers. */
export const minuteSeconds = 60;
/** The time between two readings further apart counts neither as observed nor as not observed. */
const maxIntervalMs = 3000;

/** How a student was observed in the last minute. */
export interface RecentMinute {
  /** Oldest first, always `minuteSeconds` of them; the last is the second of the newest reading. */
  cells: readonly MinuteCell[];
  /** Timestamp of the newest reading, milliseconds on the student's clock; null before the first. */
  lastMs: number | null;
}

export const emptyMinute: RecentMinute = {
  cells: Array.from({ length: minuteSeconds }, () => 'empty' as const),
  lastMs: null,
};

/** Whether a single reading needs attention. It is not an observation: those persist, and are made by the rules. */
const isNotable = ({ no_of_face: faces, phone_present: phone }: Features): boolean =>
  phone === 1 || (typeof faces === 'number' && faces !== 1);

const cellOf = (features: Features): MinuteCell => {
  if (!isObserved(features)) return 'not_observed';
  return isNotable(features) ? 'notable' : 'observed';
};

const stronger = (a: MinuteCell, b: MinuteCell): MinuteCell => (cellKinds.indexOf(a) > cellKinds.indexOf(b) ? a : b);

const secondOf = (timestampMs: number): number => Math.floor(timestampMs / 1000);

const movedBy = (cells: readonly MinuteCell[], seconds: number): MinuteCell[] => {
  const passed = Math.min(minuteSeconds, seconds);
  return passed === 0 ? [...cells] : [...cells.slice(passed), ...emptyMinute.cells.slice(minuteSeconds - passed)];
};

/**
 * Adds a reading. An older one than the last changes nothing.
 *
 * @param timestampMs of the reading, milliseconds on the student's clock
 * @example
 * stepMinute(emptyMinute, { no_of_face: 1 }, 1000).cells.at(-1); // 'observed'
 */
export const stepMinute = (minute: RecentMinute, features: Features, timestampMs: number): RecentMinute => {
  const { cells, lastMs } = minute;
  if (lastMs !== null && timestampMs <= lastMs) return minute;
  const passed = lastMs === null ? minuteSeconds : Math.min(minuteSeconds, secondOf(timestampMs) - secondOf(lastMs));
  const cell = cellOf(features);
  const newest = cells[minuteSeconds - 1] ?? 'empty';
  // Most readings change nothing: several arrive each second.
  if (passed === 0 && stronger(newest, cell) === newest) return { cells, lastMs: timestampMs };
  const moved = movedBy(cells, passed);
  const elapsedMs = lastMs === null ? Infinity : timestampMs - lastMs;
  // The later of two readings determines the status of the time between them, as in coverage; a slow pace leaves no holes.
  if (elapsedMs <= maxIntervalMs) moved.fill(cell, minuteSeconds - passed, minuteSeconds - 1);
  moved[minuteSeconds - 1] = stronger(moved[minuteSeconds - 1] ?? 'empty', cell);
  return { cells: moved, lastMs: timestampMs };
};

/** Combines two records of one student's readings; the result ends with the newer of them. */
export const mergeMinutes = (one: RecentMinute, other: RecentMinute): RecentMinute => {
  if (one.lastMs === null || other.lastMs === null) return one.lastMs === null ? other : one;
  const [older, newer] = one.lastMs <= other.lastMs ? [one, other] : [other, one];
  const moved = movedBy(older.cells, secondOf(newer.lastMs ?? 0) - secondOf(older.lastMs ?? 0));
  return { cells: newer.cells.map((cell, second) => stronger(cell, moved[second] ?? 'empty')), lastMs: newer.lastMs };
};

/** The cells in one letter each: `-` no reading, `o` observed, `u` not observed, `n` observed and notable. */
export const minuteText = ({ cells }: RecentMinute): string => cells.map((cell) => letters[cell]).join('');

/** Reverses `minuteText`. Unknown letters and missing seconds are empty. @param lastMs timestamp of the newest reading */
export const minuteFromText = (text: string, lastMs: number): RecentMinute => ({
  cells: emptyMinute.cells.map((empty, second) => {
    const letter = text[second];
    return cellKinds.find((kind) => letters[kind] === letter) ?? empty;
  }),
  lastMs,
});
