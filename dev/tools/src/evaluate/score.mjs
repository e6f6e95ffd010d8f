/** From labels and readings to the figures. Each reading stands beside its label as `{label, readings}`. */

const DEG = 180 / Math.PI;
export const LARGE_PHONE_AREA = 0.01;
const MOST_YAW_DEG = 60;

/** The label's side is the picture's; the reading's is the student's, who faces the camera. */
const studentSide = { 'image-left': 'right', 'image-right': 'left' };

const mean = (values) => (values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length);
const rounded = (value, digits = 3) => (value === null ? null : Number(value.toFixed(digits)));
const count = (items, test) => items.filter(test).length;

export const poseErrors = ({ label, readings }) =>
  (readings.head_yaw ?? null) === null
    ? null
    : {
        yaw: Math.abs(readings.head_yaw * DEG - label.yawDeg),
        pitch: Math.abs(readings.head_pitch * DEG - label.pitchDeg),
        roll: Math.abs(readings.head_roll * DEG - label.rollDeg),
      };

const headPose = (results) => {
  const labelled = results.filter(({ label }) => label.yawDeg !== null && Math.abs(label.yawDeg) <= MOST_YAW_DEG);
  const errors = labelled.map(poseErrors).filter((error) => error !== null);
  const of = (axis) => rounded(mean(errors.map((error) => error[axis])), 2);
  return {
    n: labelled.length,
    found: errors.length,
    mae_deg: rounded(mean(errors.flatMap(({ yaw, pitch, roll }) => [yaw, pitch, roll])), 2),
    yaw: of('yaw'),
    pitch: of('pitch'),
    roll: of('roll'),
  };
};

export const isHeadCorrect = ({ label, readings }) =>
  readings.head_pose === (label.head === 'front' ? 'forward' : studentSide[label.head]);

export const isGazeCorrect = ({ label, readings }) => {
  const direction = readings.gaze_direction ?? null;
  if (label.gaze === 'eyes-closed') return direction === null;
  if (direction === null) return false;
  if (label.gaze === 'down') return direction.startsWith('bottom');
  return label.gaze === 'center' ? direction === 'center' : direction.endsWith(studentSide[label.gaze]);
};

const detection = (positives, negatives, isSeen) => ({
  positives: positives.length,
  recall: positives.length === 0 ? null : rounded(count(positives, isSeen) / positives.length),
  negatives: negatives.length,
  false_positives: count(negatives, isSeen),
});

export const isPhoneSeen = ({ readings }) => readings.phone_present === 1;
export const isHandSeen = ({ readings }) => (readings.hand_count ?? 0) >= 1;

export const score = (results) => {
  const withFaces = results.filter(({ label }) => label.faces !== null);
  const withHead = results.filter(({ label }) => label.head !== null);
  const withGaze = results.filter(({ label }) => label.gaze !== null);
  const withPhone = results.filter(({ label }) => label.phone === 1);
  const large = withPhone.filter(({ label }) => (label.phoneArea ?? 0) >= LARGE_PHONE_AREA);
  const empty = results.filter(({ label }) => label.persons === 0);
  const isExact = ({ label, readings }) => readings.no_of_face === label.faces;
  const { positives, recall } = detection(large, [], isPhoneSeen);
  return {
    head_pose: headPose(results),
    faces: {
      n: withFaces.length,
      exact: withFaces.length === 0 ? null : rounded(count(withFaces, isExact) / withFaces.length),
      false_on_empty: count(empty, ({ readings }) => (readings.no_of_face ?? 0) > 0),
    },
    head: {
      n: withHead.length,
      correct: withHead.length === 0 ? null : rounded(count(withHead, isHeadCorrect) / withHead.length),
    },
    gaze: {
      n: withGaze.length,
      correct: withGaze.length === 0 ? null : rounded(count(withGaze, isGazeCorrect) / withGaze.length),
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
