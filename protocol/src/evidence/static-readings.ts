import type { Features } from '../frame/feature-frame.ts';

/** Detects readings that repeat to the last digit, which a living person's rarely do. Plain JSON. */
export interface StaticReadings {
  /** Hashes of the latest frames' readings, ascending by time; earlier ones are in `earlier`. */
  recent: readonly number[];
  /** Full pages before `recent`, so that a step copies at most one page. Absent while there are none, and in older checkpoints. */
  earlier?: readonly (readonly number[])[];
  last: number | null;
  constantMs: number;
  repeatedMs: number;
}

/** About a minute at 4 frames a second: a loop up to this length is detected. `LongLoop` detects longer ones. */
const recentFrames = 256;
const pageFrames = 32;

export const startStaticReadings = (): StaticReadings => ({ recent: [], last: null, constantMs: 0, repeatedMs: 0 });

const fnvBasis = 0x811c9dc5;
const fnvPrime = 0x01000193;
const comma = ','.charCodeAt(0);
const minus = '-'.charCodeAt(0);
const point = '.'.charCodeAt(0);
const zero = '0'.charCodeAt(0);

const addUnit = (hash: number, unit: number): number => Math.imul(hash ^ unit, fnvPrime);

const addText = (hash: number, text: string): number => {
  let next = hash;
  for (let at = 0; at < text.length; at += 1) next = addUnit(next, text.charCodeAt(at));
  return next;
};

/** Readings have at most four decimals. */
const decimals = 10_000;
/** Keeps the digits in 32 bits. */
const maxWhole = 100_000;

/** @param first the place of the first digit, a power of ten: 10 for 05 */
const addDigits = (hash: number, digits: number, first: number): number => {
  let next = hash;
  for (let place = first; place >= 1; place = (place / 10) | 0)
    next = addUnit(next, zero + (((digits / place) | 0) % 10));
  return next;
};

/**
 * Adds a number's text, as JSON has it. The digits of usual readings are computed, because V8 caches each text that it makes of a number, and
 * these are never needed again.
 */
const addNumber = (hash: number, value: number): number => {
  const size = Math.abs(value);
  const scaled = Math.round(size * decimals);
  // A number of up to 15 digits that equals the quotient has exactly these digits.
  if (size >= maxWhole || scaled / decimals !== size) return addText(hash, JSON.stringify(value));
  let next = value < 0 ? addUnit(hash, minus) : hash;
  const whole = Math.trunc(scaled / decimals);
  let first = 1;
  while (first * 10 <= whole) first *= 10;
  next = addDigits(next, whole, first);
  let fraction = scaled % decimals;
  if (fraction === 0) return next;
  first = decimals / 10;
  for (; fraction % 10 === 0; first /= 10) fraction /= 10;
  return addDigits(addUnit(next, point), fraction, first);
};

/** FNV-1a, 32 bits, of the texts of finite values, separated by commas: among 256 different readings, the chance that a new one collides is 6e-8. */
const hashOf = (values: readonly (number | null | undefined)[]): number => {
  let hash = fnvBasis;
  for (let at = 0; at < values.length; at += 1) {
    if (at > 0) hash = addUnit(hash, comma);
    const value = values[at];
    // An unknown reading has no text.
    if (value != null) hash = addNumber(hash, value);
  }
  return hash >>> 0;
};

/**
 * A hash of the readings of a face. Null without a face, because an empty room does not vary. A frame that claims a face and leaves out where it
 * is has readings too: otherwise a client could avoid that they are compared.
 */
export const readingsOf = (frame: Features): number | null => {
  const { face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll } = frame;
  const isLocated = face_x != null && face_y != null && head_yaw != null;
  if (!isLocated && (frame.no_of_face ?? frame.face_present ?? 0) === 0) return null;
  return hashOf([face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll]);
};

type Ring = Pick<StaticReadings, 'recent' | 'earlier'>;

/** Whether the hash is among the latest `recentFrames`. */
const includes = ({ recent, earlier = [] }: Ring, hash: number): boolean => {
  if (recent.includes(hash)) return true;
  let left = recentFrames - recent.length;
  for (let at = earlier.length - 1; at >= 0 && left > 0; at -= 1) {
    const page = earlier[at]!;
    // Hashes of 32 bits are floating-point numbers to V8: `lastIndexOf` allocates each of them that it compares, `includes` none.
    if (page.includes(hash)) return page.length - page.lastIndexOf(hash) <= left;
    left -= page.length;
  }
  return false;
};

const add = ({ recent, earlier = [] }: Ring, hash: number): Ring => {
  if (recent.length < pageFrames) {
    return earlier.length === 0 ? { recent: [...recent, hash] } : { recent: [...recent, hash], earlier };
  }
  // A checkpoint of an earlier version has one long page.
  const pages = [...earlier, recent];
  const kept = recentFrames / pageFrames;
  return { recent: [hash], earlier: recent.length > pageFrames ? pages : pages.slice(-kept) };
};

/** Adds a frame. @param now its `readingsOf` @param elapsedMs since the previous frame */
export const stepStaticReadings = (before: StaticReadings, now: number | null, elapsedMs: number): StaticReadings => {
  if (now === null) return before;
  const constant = now === before.last ? elapsedMs : 0;
  const repeated = constant === 0 && includes(before, now) ? elapsedMs : 0;
  // A constant reading is not added again, so that it does not push other readings of a loop out of the ring.
  const ring = constant > 0 || repeated > 0 ? before : add(before, now);
  const constantMs = before.constantMs + constant;
  const repeatedMs = before.repeatedMs + repeated;
  const { recent, earlier } = ring;
  return earlier === undefined
    ? { recent, last: now, constantMs, repeatedMs }
    : { recent, earlier, last: now, constantMs, repeatedMs };
};

/** A living face moves by more than this from frame to frame (pixels, radians). The engine's readings are ten times as precise. */
const coarseStep = { px: 0.5, rad: 0.005 };

const coarsely = (value: number | null | undefined, step: number): number | null =>
  value == null ? null : Math.round(value / step);

/** The readings without their last digits, so that jitter in those digits does not pass for a living face. */
export const coarseReadings = (frame: Features): Features => ({
  no_of_face: frame.no_of_face ?? frame.face_present ?? null,
  face_x: coarsely(frame.face_x, coarseStep.px),
  face_y: coarsely(frame.face_y, coarseStep.px),
  face_w: coarsely(frame.face_w, coarseStep.px),
  face_h: coarsely(frame.face_h, coarseStep.px),
  head_yaw: coarsely(frame.head_yaw, coarseStep.rad),
  head_pitch: coarsely(frame.head_pitch, coarseStep.rad),
  head_roll: coarsely(frame.head_roll, coarseStep.rad),
});
