import { isGazeCorrect, isHandSeen, isHeadCorrect, isPhoneSeen, poseErrors } from './score.ts';
import type { LabelledReadings } from './score.ts';

const largestPoseErrorDeg = 8;

const faceMistakes = ({ label, readings }: LabelledReadings): string[] => {
  if (label.faces !== null && readings.no_of_face !== label.faces) {
    return [`faces ${readings.no_of_face ?? readings.unknown?.['face']} instead of ${label.faces}`];
  }
  const isFalse = label.persons === 0 && label.faces === null && (readings.no_of_face ?? 0) > 0;
  return isFalse ? ['a face on an image without a person'] : [];
};

const poseMistakes = (result: LabelledReadings): string[] => {
  if (result.label.yawDeg === null) return [];
  const error = poseErrors(result);
  if (error === null) return ['no head pose'];
  const angles = [error.yaw, error.pitch, error.roll];
  if (angles.every((angle) => (angle ?? 0) <= largestPoseErrorDeg)) return [];
  return [`head pose off by ${angles.map((angle) => (angle === null ? '–' : `${angle.toFixed(1)}°`)).join(', ')}`];
};

const directionMistakes = (result: LabelledReadings): string[] => {
  const { label, readings } = result;
  return [
    ...(label.head !== null && !isHeadCorrect(result) ? [`head ${readings.head_pose} instead of ${label.head}`] : []),
    ...(label.gaze !== null && !isGazeCorrect(result)
      ? [`gaze ${readings.gaze_direction ?? null} instead of ${label.gaze}`]
      : []),
  ];
};

const objectMistakes = (result: LabelledReadings): string[] => {
  const { label, readings } = result;
  const hasHand = label.hands !== null && label.hands !== '0';
  return [
    ...(label.phone === 1 && !isPhoneSeen(result) ? [`phone missed (${label.phoneArea} of the image)`] : []),
    ...(label.phone === 0 && isPhoneSeen(result) ? [`false phone (${readings.phone_conf})`] : []),
    ...(hasHand && !isHandSeen(result) ? ['hand missed'] : []),
    ...(label.persons === 0 && isHandSeen(result) ? ['false hand'] : []),
  ];
};

/** One line for each wrong reading of each image. */
export const mistakes = (results: readonly LabelledReadings[]): string[] =>
  results.flatMap((result) =>
    [faceMistakes, poseMistakes, directionMistakes, objectMistakes]
      .flatMap((find) => find(result))
      .map((line) => `${result.label.file}: ${line}`),
  );
