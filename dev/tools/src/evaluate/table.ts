import { isPhoneSeen } from './score.ts';
import type { EvaluationFigures, LabelledReadings } from './score.ts';

/** The result of fewer images says nothing: it is left out. */
const leastImages = 5;

const share = (value: number | null, images = leastImages): string =>
  value === null || images < leastImages ? '–' : `${(value * 100).toFixed(0)} %`;
const degrees = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)}°`);

/** The figures as a Markdown table, for a model card. */
export const tableText = (figures: EvaluationFigures): string => {
  const { head_pose: pose, faces, head, gaze, phone, phone_large: large, hands } = figures;
  return [
    '| what | images | result |',
    '|---|---|---|',
    `| head pose, mean absolute error | ${pose.n} (${pose.found} found) | ${degrees(pose.mae_deg)} (yaw ${degrees(pose.yaw)}, pitch ${degrees(pose.pitch)}, roll ${degrees(pose.roll)}) |`,
    `| faces, exact count | ${faces.n} | ${share(faces.exact, faces.n)}; false on images without a person: ${faces.false_on_empty} |`,
    `| head direction | ${head.n} | ${share(head.correct, head.n)} |`,
    `| gaze direction | ${gaze.n} | ${share(gaze.correct, gaze.n)} |`,
    `| phone | ${phone.positives} + ${phone.negatives} without | recall ${share(phone.recall, phone.positives)}; false: ${phone.false_positives} |`,
    `| phone of 1 % of the image or more | ${large.positives} | recall ${share(large.recall, large.positives)} |`,
    `| hands | ${hands.positives} + ${hands.negatives} without | recall ${share(hands.recall, hands.positives)}; false: ${hands.false_positives} |`,
  ].join('\n');
};

/** Area of the phone as a share of the image, from and to. */
const phoneSizes: readonly (readonly [from: number, to: number])[] = [
  [0, 0.01],
  [0.01, 0.015],
  [0.015, 0.03],
  [0.03, 0.06],
  [0.06, 0.1],
  [0.1, 1],
];

const percent = (value: number): string => `${Number((value * 100).toFixed(1))} %`;

/** Recall of phones by their size, as a Markdown table; empty when no size is labelled. */
export const phoneSizeText = (results: readonly LabelledReadings[]): string => {
  const sized = results.filter(({ label }) => label.phone === 1 && label.phoneArea !== null);
  const areaOf = ({ label }: LabelledReadings): number => label.phoneArea ?? 0;
  if (sized.length === 0) return '';
  const rows = phoneSizes.flatMap(([from, to]) => {
    const inside = sized.filter((result) => areaOf(result) >= from && areaOf(result) < to);
    if (inside.length === 0) return [];
    const name = to === 1 ? `${percent(from)} and more` : `${percent(from)} to ${percent(to)}`;
    const seen = inside.filter(isPhoneSeen).length;
    return [`| ${name} | ${inside.length} | ${share(seen / inside.length, inside.length)} |`];
  });
  return ['| phone, share of the image | images | recall |', '|---|---|---|', ...rows].join('\n');
};

/** The kind of an image: its folder, or the first word of its name. */
const sliceOf = (file: string): string =>
  file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : (file.split('-')[0] ?? file);

/** Exact counts of faces by kind of image, as a Markdown table; empty when no number of faces is labelled. */
export const faceSliceText = (results: readonly LabelledReadings[]): string => {
  const labelled = results.filter(({ label }) => label.faces !== null);
  if (labelled.length === 0) return '';
  const slices = [...new Set(labelled.map(({ label }) => sliceOf(label.file)))];
  const rows = slices.map((slice) => {
    const inside = labelled.filter(({ label }) => sliceOf(label.file) === slice);
    const exact = inside.filter(({ label, readings }) => readings.no_of_face === label.faces).length;
    return `| ${slice} | ${inside.length} | ${exact} |`;
  });
  return ['| faces, kind of image | images | exact |', '|---|---|---|', ...rows].join('\n');
};
