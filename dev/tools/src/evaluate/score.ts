import type { Label } from './labels.ts';

/** The readings of an image that are compared with its label. Sides are those of the student. */
export interface Readings {
  no_of_face?: number | null | undefined;
  head_yaw?: number | null | undefined;
  head_pitch?: number | null | undefined;
  head_roll?: number | null | undefined;
  head_pose?: string | null | undefined;
  gaze_direction?: string | null | undefined;
  phone_present?: number | null | undefined;
  phone_conf?: number | null | undefined;
  hand_count?: number | null | undefined;
  unknown?: Readonly<Record<string, string | undefined>> | null | undefined;
}

/** An image's label and its readings. */
export interface LabelledReadings<L = Label> {
  label: L;
  readings: Readings;
}

/** Degrees; null where the angle is not labelled. */
export interface PoseErrors {
  yaw: number | null;
  pitch: number | null;
  roll: number | null;
}

interface Detection {
  positives: number;
  recall: number | null;
  negatives: number;
  false_positives: number;
}

/** The figures of an evaluation; null where nothing is labelled. */
export interface EvaluationFigures {
  head_pose: {
    n: number;
    found: number;
    mae_deg: number | null;
    yaw: number | null;
    pitch: number | null;
    roll: number | null;
  };
  faces: { n: number; exact: number | null; false_on_empty: number };
  head: { n: number; correct: number | null };
  gaze: { n: number; correct: number | null };
  phone: Detection;
  phone_large: Pick<Detection, 'positives' | 'recall'>;
  hands: Detection;
}

const deg = 180 / Math.PI;
export const largePhoneArea = 0.01;
const mostYawDeg = 60;

/** From a side of the image to the side of the student, who faces the camera. */
const studentSide: Readonly<Record<string, string>> = { 'image-left': 'right', 'image-right': 'left' };

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number | null, digits = 3): number | null =>
  value === null ? null : Number(value.toFixed(digits));
const shareOf = (items: readonly LabelledReadings[], test: (item: LabelledReadings) => boolean): number | null =>
  items.length === 0 ? null : rounded(items.filter(test).length / items.length);

const errorDeg = (readingRad: number | null | undefined, labelDeg: number | null): number | null =>
  labelDeg === null || readingRad === null || readingRad === undefined ? null : Math.abs(readingRad * deg - labelDeg);

const isKnown = (value: number | null): value is number => value !== null;

/** Null when the head was not found. */
export const poseErrors = ({ label, readings }: LabelledReadings): PoseErrors | null =>
  (readings.head_yaw ?? null) === null
    ? null
    : {
        yaw: errorDeg(readings.head_yaw, label.yawDeg),
        pitch: errorDeg(readings.head_pitch, label.pitchDeg),
        roll: errorDeg(readings.head_roll, label.rollDeg),
      };

const headPose = (results: readonly LabelledReadings[]): EvaluationFigures['head_pose'] => {
  const labelled = results.filter(({ label }) => label.yawDeg !== null && Math.abs(label.yawDeg) <= mostYawDeg);
  const errors = labelled.map(poseErrors).filter((error) => error !== null);
  const of = (axis: keyof PoseErrors): number | null =>
    rounded(mean(errors.map((error) => error[axis]).filter(isKnown)), 2);
  return {
    n: labelled.length,
    found: errors.length,
    mae_deg: rounded(mean(errors.flatMap(({ yaw, pitch, roll }) => [yaw, pitch, roll]).filter(isKnown)), 2),
    yaw: of('yaw'),
    pitch: of('pitch'),
    roll: of('roll'),
  };
};

export const isHeadCorrect = ({ label, readings }: LabelledReadings): boolean =>
  label.head !== null && readings.head_pose === (label.head === 'front' ? 'forward' : studentSide[label.head]);

export const isGazeCorrect = ({ label, readings }: LabelledReadings<Pick<Label, 'gaze'>>): boolean => {
  const direction = readings.gaze_direction ?? null;
  if (label.gaze === 'eyes-closed') return direction === null;
  if (direction === null || label.gaze === null) return false;
  if (label.gaze === 'down') return direction.startsWith('bottom');
  if (label.gaze === 'center') return direction === 'center';
  const side = studentSide[label.gaze];
  return side !== undefined && direction.endsWith(side);
};

const detection = (
  positives: readonly LabelledReadings[],
  negatives: readonly LabelledReadings[],
  isSeen: (result: LabelledReadings) => boolean,
): Detection => ({
  positives: positives.length,
  recall: shareOf(positives, isSeen),
  negatives: negatives.length,
  false_positives: negatives.filter(isSeen).length,
});

export const isPhoneSeen = ({ readings }: LabelledReadings<unknown>): boolean => readings.phone_present === 1;
export const isHandSeen = ({ readings }: LabelledReadings<unknown>): boolean => (readings.hand_count ?? 0) >= 1;

export const score = (results: readonly LabelledReadings[]): EvaluationFigures => {
  const withFaces = results.filter(({ label }) => label.faces !== null);
  const withHead = results.filter(({ label }) => label.head !== null);
  const withGaze = results.filter(({ label }) => label.gaze !== null);
  const withPhone = results.filter(({ label }) => label.phone === 1);
  const large = withPhone.filter(({ label }) => (label.phoneArea ?? 0) >= largePhoneArea);
  const empty = results.filter(({ label }) => label.persons === 0);
  const isExact = ({ label, readings }: LabelledReadings): boolean => readings.no_of_face === label.faces;
  const { positives, recall } = detection(large, [], isPhoneSeen);
  return {
    head_pose: headPose(results),
    faces: {
      n: withFaces.length,
      exact: shareOf(withFaces, isExact),
      false_on_empty: empty.filter(({ readings }) => (readings.no_of_face ?? 0) > 0).length,
    },
    head: {
      n: withHead.length,
      correct: shareOf(withHead, isHeadCorrect),
    },
    gaze: {
      n: withGaze.length,
      correct: shareOf(withGaze, isGazeCorrect),
    },
    phone: detection(
      withPhone,
      results.filter(({ label }) => label.phone === 0),
      isPhoneSeen,
    ),
    phone_large: { positives, recall },
    hands: detection(
      results.filter(({ label }) => label.hands !== null && label.hands !== '0'),
      results.filter(({ label }) => label.persons === 0 && label.hands === null),
      isHandSeen,
    ),
  };
};
