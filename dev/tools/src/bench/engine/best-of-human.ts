/**
 * Translates Human's angles and sides. Where its convention could be read in two ways, the one that scores better counts: the
 * benchmark compares what each library sees, not its axes.
 */
import type { Label } from '../../evaluate/labels.ts';
import type { EvaluationFigures, LabelledReadings, Readings } from '../../evaluate/score.ts';

/** Human's own names for the directions of head and eyes. */
export interface HumanReadings extends Readings {
  facing?: string | null;
  looking?: string | null;
}

type HumanResult = LabelledReadings & { readings: HumanReadings };
type Score = (results: readonly LabelledReadings[]) => EvaluationFigures;
type Axis = readonly [reading: 'head_yaw' | 'head_pitch' | 'head_roll', truth: 'yawDeg' | 'pitchDeg' | 'rollDeg'];

const axes: readonly Axis[] = [
  ['head_yaw', 'yawDeg'],
  ['head_pitch', 'pitchDeg'],
  ['head_roll', 'rollDeg'],
];
const opposite: Readonly<Record<string, string>> = { left: 'right', right: 'left' };

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const bestSign = (results: readonly HumanResult[], [reading, truth]: Axis): 1 | -1 => {
  const known = results.flatMap(({ label, readings }) => {
    const [angleRad, angleDeg] = [readings[reading] ?? null, label[truth]];
    return angleRad === null || angleDeg === null ? [] : [{ angleRad, angleDeg }];
  });
  const error = (sign: 1 | -1): number =>
    mean(known.map(({ angleRad, angleDeg }) => Math.abs((sign * angleRad * 180) / Math.PI - angleDeg)));
  return known.length > 0 && error(-1) < error(1) ? -1 : 1;
};

const translated = (results: readonly HumanResult[], isSwapped: boolean): { label: Label; readings: Readings }[] => {
  const signs = axes.map((axis) => [axis[0], bestSign(results, axis)] as const);
  const side = (word: string | null | undefined): string | null =>
    word === null || word === undefined ? null : isSwapped ? (opposite[word] ?? word) : word;
  return results.map(({ label, readings }) => {
    const angles = signs.map(([name, sign]) => {
      const angleRad = readings[name] ?? null;
      return [name, angleRad === null ? null : sign * angleRad] as const;
    });
    return {
      label,
      readings: {
        ...readings,
        ...Object.fromEntries(angles),
        head_pose: readings.facing === 'center' ? 'forward' : side(readings.facing),
        gaze_direction: side(readings.looking),
      },
    };
  });
};

/** The same results with angles, `head_pose` and `gaze_direction` in Invigil's terms. */
export const inOurWords = (results: readonly HumanResult[], score: Score): LabelledReadings[] => {
  const [plain, swapped] = [translated(results, false), translated(results, true)];
  const [plainScore, swappedScore] = [score(plain), score(swapped)];
  const better = (direction: 'head' | 'gaze') =>
    (swappedScore[direction].correct ?? 0) > (plainScore[direction].correct ?? 0) ? swapped : plain;
  const gazes = better('gaze');
  return better('head').map(({ label, readings }, at) => ({
    label,
    readings: { ...readings, gaze_direction: gazes[at]?.readings.gaze_direction },
  }));
};
