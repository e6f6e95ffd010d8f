import type { LookedAt } from './gaze-labels.ts';

/** What the page reads from one image; null if no face is found. */
export type GazeAnswer = { eyePitchRad: number; lidHeight: number } | null;

const lidHeights = [0.1, 0.12, 0.13, 0.14, 0.15, 0.16];

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

/** The median vertical eye angle of those who look into the camera, and how many lids of each group are below a height. */
export const gazeTable = (answers: Record<LookedAt, readonly GazeAnswer[]>): string => {
  const found = (group: LookedAt) => answers[group].filter((answer) => answer !== null);
  const [camera, down] = [found('camera'), found('down')];
  const medianDeg = (median(camera.map(({ eyePitchRad }) => eyePitchRad)) * 180) / Math.PI;
  const below = (group: readonly { lidHeight: number }[], height: number): string =>
    `${group.filter(({ lidHeight }) => lidHeight < height).length} of ${group.length}`;
  return [
    `Median vertical eye angle of those who look into the camera: ${medianDeg.toFixed(1)}°\n`,
    '| lids lower than | looking down | into the camera |',
    '|---|---|---|',
    ...lidHeights.map((height) => `| ${height} | ${below(down, height)} | ${below(camera, height)} |`),
  ].join('\n');
};
