import { isGazeCorrect, isHandSeen, isHeadCorrect, isPhoneSeen, poseErrors } from './score.mjs';

const share = (value) => (value === null ? '–' : `${(value * 100).toFixed(0)} %`);
const degrees = (value) => (value === null ? '–' : `${value.toFixed(2)}°`);

/** The figures as a Markdown table, so that it can go into a model card as it is. */
export const tableText = ({ head_pose: pose, faces, head, gaze, phone, phone_large: large, hands }) =>
  [
    '| what | pictures | result |',
    '|---|---|---|',
    `| head pose, mean absolute error | ${pose.n} (${pose.found} found) | ${degrees(pose.mae_deg)} (yaw ${degrees(pose.yaw)}, pitch ${degrees(pose.pitch)}, roll ${degrees(pose.roll)}) |`,
    `| faces, exact count | ${faces.n} | ${share(faces.exact)}; false on pictures without a person: ${faces.false_on_empty} |`,
    `| head direction | ${head.n} | ${share(head.correct)} |`,
    `| gaze direction | ${gaze.n} | ${share(gaze.correct)} |`,
    `| phone | ${phone.positives} + ${phone.negatives} without | recall ${share(phone.recall)}; false: ${phone.false_positives} |`,
    `| phone of 1 % of the picture or more | ${large.positives} | recall ${share(large.recall)} |`,
    `| hands | ${hands.positives} + ${hands.negatives} without | recall ${share(hands.recall)}; false: ${hands.false_positives} |`,
  ].join('\n');

/** Area of the phone as a share of the picture, from and to. */
const phoneSizes = [
  [0, 0.01],
  [0.01, 0.015],
  [0.015, 0.03],
  [0.03, 0.06],
  [0.06, 0.1],
  [0.1, 1],
];

const percent = (value) => `${Number((value * 100).toFixed(1))} %`;

/** Recall of phones by their size, as a Markdown table; empty when no size is labelled. */
export const phoneSizeText = (results) => {
  const sized = results.filter(({ label }) => label.phone === 1 && label.phoneArea !== null);
  if (sized.length === 0) return '';
  const rows = phoneSizes.flatMap(([from, to]) => {
    const inside = sized.filter(({ label }) => label.phoneArea >= from && label.phoneArea < to);
    if (inside.length === 0) return [];
    const name = to === 1 ? `${percent(from)} and more` : `${percent(from)} to ${percent(to)}`;
    const seen = inside.filter(isPhoneSeen).length;
    return [`| ${name} | ${inside.length} | ${share(seen / inside.length)} |`];
  });
  return ['| phone, share of the picture | pictures | recall |', '|---|---|---|', ...rows].join('\n');
};

/** The kind of a picture: its folder, or the first word of its name. */
const sliceOf = (file) => (file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : file.split('-')[0]);

/** Exact counts of faces by kind of picture, as a Markdown table; empty when no number of faces is labelled. */
export const faceSliceText = (results) => {
  const labelled = results.filter(({ label }) => label.faces !== null);
  if (labelled.length === 0) return '';
  const slices = [...new Set(labelled.map(({ label }) => sliceOf(label.file)))];
  const rows = slices.map((slice) => {
    const inside = labelled.filter(({ label }) => sliceOf(label.file) === slice);
    const exact = inside.filter(({ label, readings }) => readings.no_of_face === label.faces).length;
    return `| ${slice} | ${inside.length} | ${exact} |`;
  });
  return ['| faces, kind of picture | pictures | exact |', '|---|---|---|', ...rows].join('\n');
};

/** One line for each picture that was read wrongly. */
export const mistakes = (results) =>
  results.flatMap((result) => {
    const { label, readings } = result;
    const lines = [];
    if (label.faces !== null && readings.no_of_face !== label.faces) {
      lines.push(`faces ${readings.no_of_face ?? readings.unknown?.face} instead of ${label.faces}`);
    }
    if (label.persons === 0 && label.faces === null && (readings.no_of_face ?? 0) > 0)
      lines.push('a face where nobody is');
    if (label.yawDeg !== null) {
      const error = poseErrors(result);
      if (error === null) lines.push('no head pose');
      else if (Math.max(error.yaw, error.pitch, error.roll) > 8) {
        lines.push(`head pose off by ${error.yaw.toFixed(1)}°, ${error.pitch.toFixed(1)}°, ${error.roll.toFixed(1)}°`);
      }
    }
    if (label.head !== null && !isHeadCorrect(result))
      lines.push(`head ${readings.head_pose} instead of ${label.head}`);
    if (label.gaze !== null && !isGazeCorrect(result))
      lines.push(`gaze ${readings.gaze_direction ?? null} instead of ${label.gaze}`);
    if (label.phone === 1 && !isPhoneSeen(result)) lines.push(`phone missed (${label.phoneArea} of the picture)`);
    if (label.phone === 0 && isPhoneSeen(result)) lines.push(`false phone (${readings.phone_conf})`);
    if (label.hands !== null && label.hands !== '0' && !isHandSeen(result)) lines.push('hand missed');
    if (label.persons === 0 && isHandSeen(result)) lines.push('false hand');
    return lines.map((line) => `${label.file}: ${line}`);
  });
