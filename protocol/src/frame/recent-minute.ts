import { isObserved } from './feature-frame.ts';
import type { Features } from './feature-frame.ts';

/** Letters of the kinds of a second; a later kind takes precedence over an earlier one. */
const letters = { empty: '-', observed: 'o', not_observed: 'u', notable: 'n' } as const;
/** One second of a student's last minute. */
export type MinuteCell = keyof typeof letters;

const kinds = Object.keys(letters) as MinuteCell[];
const ascending = Object.values(letters).join('');

/** Seconds that a `RecentMinute` covers. */
export const minuteSeconds = 60;
/** The time between two readings further apart counts neither as observed nor as not observed. */
const maxIntervalMs = 3000;

/** How a student was observed in the last minute. */
export interface RecentMinute {
  /**
   * One letter for each second, oldest first, always `minuteSeconds` of them; the last is the second of the newest
   * reading. `-` no reading, `o` observed, `u` not observed, `n` observed and notable. A string, as on the wire: the
   * server keeps one for each student and replaces it every second.
   */
  cells: string;
  /** Timestamp of the newest reading, milliseconds on the student's clock; null before the first. */
  lastMs: number | null;
}

export const emptyMinute: RecentMinute = { cells: letters.empty.repeat(minuteSeconds), lastMs: null };

/** Whether a single reading needs attention. It is not an observation: those persist, and are made by the rules. */
const isNotable = ({ no_of_face: faces, phone_present: phone }: Features): boolean =>
  phone === 1 || (typeof faces === 'number' && faces !== 1);

const letterOf = (features: Features): string =>
  letters[!isObserved(features) ? 'not_observed' : isNotable(features) ? 'notable' : 'observed'];

const stronger = (a: string, b: string): string => (ascending.indexOf(a) > ascending.indexOf(b) ? a : b);

const secondOf = (timestampMs: number): number => Math.floor(timestampMs / 1000);

const movedBy = (cells: string, seconds: number): string =>
  cells.slice(seconds) + letters.empty.repeat(Math.min(minuteSeconds, seconds));

/**
 * Adds a reading. An older one than the last changes nothing.
 *
 * @param timestampMs of the reading, milliseconds on the student's clock
 * @example
 * stepMinute(emptyMinute, { no_of_face: 1 }, 1000).cells.at(-1); // 'o'
 */
export const stepMinute = (minute: RecentMinute, features: Features, timestampMs: number): RecentMinute => {
  const { cells, lastMs } = minute;
  if (lastMs !== null && timestampMs <= lastMs) return minute;
  const letter = letterOf(features);
  const newest = cells.slice(-1);
  const passed = lastMs === null ? minuteSeconds : Math.min(minuteSeconds, secondOf(timestampMs) - secondOf(lastMs));
  if (passed === 0) {
    const isSame = stronger(newest, letter) === newest;
    return { cells: isSame ? cells : cells.slice(0, -1) + letter, lastMs: timestampMs };
  }
  // The later of two readings determines the status of the time between them, as in coverage; a slow pace leaves no holes.
  const isNear = lastMs !== null && timestampMs - lastMs <= maxIntervalMs;
  const between = (isNear ? letter : letters.empty).repeat(passed - 1);
  return { cells: cells.slice(passed) + between + letter, lastMs: timestampMs };
};

/** Combines two records of one student's readings; the result ends with the newer of them. */
export const mergeMinutes = (one: RecentMinute, other: RecentMinute): RecentMinute => {
  if (one.lastMs === null || other.lastMs === null) return one.lastMs === null ? other : one;
  const [older, newer] = one.lastMs <= other.lastMs ? [one, other] : [other, one];
  const moved = movedBy(older.cells, secondOf(newer.lastMs ?? 0) - secondOf(older.lastMs ?? 0));
  const cells = Array.from(newer.cells, (letter, second) => stronger(letter, moved.charAt(second))).join('');
  return { cells, lastMs: newer.lastMs };
};

/** The kind of each second, oldest first. */
export const minuteCells = ({ cells }: RecentMinute): MinuteCell[] =>
  Array.from(cells, (letter) => kinds[ascending.indexOf(letter)] ?? 'empty');

/** From the wire. Unknown letters and missing seconds are empty. @param lastMs timestamp of the newest reading */
export const minuteFromText = (text: string, lastMs: number): RecentMinute => ({
  cells: text
    .replaceAll(/[^\-oun]/g, letters.empty)
    .slice(0, minuteSeconds)
    .padEnd(minuteSeconds, letters.empty),
  lastMs,
});
