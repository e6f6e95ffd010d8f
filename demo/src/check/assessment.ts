import type { Reading } from './camera-check.ts';

/** One line of the check. `null`: not known yet. */
export type Verdict<Outcome extends string> = { outcome: Outcome; good: boolean } | null;

/** Mean luma below which a face shows little, and above which it is washed out; 0–1. */
const darkest = 0.2;
const brightest = 0.85;
/** Share of the image's width that a face takes at arm's length, with room on both sides. */
const narrowestFace = 0.1;
const widestFace = 0.6;
/** Maximum distance of the face's centre from the middle, as a share of the image's width. */
const farthestAside = 0.3;
/** Sharpness below which details of the eyes are lost; 0–1. */
const softest = 0.08;

const good = <Outcome extends string>(outcome: Outcome): Verdict<Outcome> => ({ outcome, good: true });
const poor = <Outcome extends string>(outcome: Outcome): Verdict<Outcome> => ({ outcome, good: false });

export const assessLight = (reading: Reading): Verdict<'good' | 'dark' | 'bright'> => {
  const brightness = reading.image_brightness ?? null;
  if (brightness === null) return null;
  if (brightness < darkest) return poor('dark');
  return brightness > brightest ? poor('bright') : good('good');
};

export const assessSight = (reading: Reading): Verdict<'good' | 'blurred' | 'covered' | 'frozen'> => {
  if (reading.image_obstructed === 1) return poor('covered');
  if (reading.image_frozen === 1) return poor('frozen');
  const sharpness = reading.image_sharpness ?? null;
  if (sharpness === null) return null;
  return sharpness < softest ? poor('blurred') : good('good');
};

export const assessPosition = (reading: Reading): Verdict<'good' | 'none' | 'several' | 'far' | 'near' | 'aside'> => {
  const faces = reading.no_of_face ?? null;
  if (faces === null) return null;
  if (faces === 0) return poor('none');
  if (faces > 1) return poor('several');
  const width = reading.image_width ?? null;
  const faceWidth = reading.face_w ?? null;
  const faceX = reading.face_x ?? null;
  if (width === null || faceWidth === null || faceX === null) return null;
  if (faceWidth / width < narrowestFace) return poor('far');
  if (faceWidth / width > widestFace) return poor('near');
  return Math.abs(faceX / width - 0.5) > farthestAside ? poor('aside') : good('good');
};

/** Readings a second over the kept ones; null before a second has passed. */
export const rateHz = (history: readonly Reading[]): number | null => {
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined || last.timestamp - first.timestamp < 1000) return null;
  return ((history.length - 1) * 1000) / (last.timestamp - first.timestamp);
};

/** The pace that the rules are designed for. */
const enoughHz = 3;

export const assessSpeed = (hz: number | null): Verdict<'good' | 'slow'> => {
  if (hz === null) return null;
  return hz < enoughHz ? poor('slow') : good('good');
};
