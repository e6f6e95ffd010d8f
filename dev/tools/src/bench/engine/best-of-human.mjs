/**
 * Human says angles and sides in its own way. Where that could be read in two ways, the one that scores better counts: what is
 * compared is what it sees, not how it counts its axes.
 */
const signs = [1, -1];
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

const axes = { head_yaw: 'yawDeg', head_pitch: 'pitchDeg', head_roll: 'rollDeg' };

const bestSign = (results, reading, truth) => {
  const known = results.filter(({ label, readings }) => label[truth] !== null && (readings[reading] ?? null) !== null);
  const error = (sign) =>
    mean(known.map(({ label, readings }) => Math.abs((sign * readings[reading] * 180) / Math.PI - label[truth])));
  return known.length === 0 ? 1 : signs.toSorted((a, b) => error(a) - error(b))[0];
};

const opposite = { left: 'right', right: 'left' };

/** @returns the same results with `head_pose` and `gaze_direction` in our words. */
export const inOurWords = (results, score) => {
  const chosen = Object.fromEntries(
    Object.entries(axes).map(([reading, truth]) => [reading, bestSign(results, reading, truth)]),
  );
  const turned = (isSwapped) =>
    results.map(({ label, readings }) => {
      const side = (word) => (isSwapped ? (opposite[word] ?? word) : word) ?? null;
      const { facing, looking } = readings;
      return {
        label,
        readings: {
          ...readings,
          ...Object.fromEntries(
            Object.entries(chosen).map(([name, sign]) => [
              name,
              readings[name] === null ? null : sign * readings[name],
            ]),
          ),
          head_pose: facing === 'center' ? 'forward' : side(facing),
          gaze_direction: side(looking),
        },
      };
    });
  const choose = (what) => {
    const [plain, swapped] = [score(turned(false))[what].correct ?? 0, score(turned(true))[what].correct ?? 0];
    return swapped > plain;
  };
  const [heads, gazes] = [turned(choose('head')), turned(choose('gaze'))];
  return heads.map(({ label, readings }, at) => ({
    label,
    readings: { ...readings, gaze_direction: gazes[at].readings.gaze_direction },
  }));
};
