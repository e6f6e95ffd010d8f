import { clusteredShare, sceneOf } from './clustered-interval.ts';
import type { Share } from './clustered-interval.ts';
import type { Label } from './labels.ts';
import { isGazeCorrect, isHandSeen, isPhoneSeen, largePhoneArea } from './score.ts';
import type { LabelledReadings } from './score.ts';

type SlicedLabel = Pick<Label, 'file' | 'faces' | 'phone' | 'phoneArea' | 'hands' | 'gaze' | 'slices'>;

/** The part of a result that slices are built from. */
export type SlicedResult = LabelledReadings<SlicedLabel>;

interface Metric {
  name: string;
  isLabelled(label: SlicedResult['label']): boolean;
  isHit(result: SlicedResult): boolean;
}

const metrics: readonly Metric[] = [
  {
    name: 'faces, exact count',
    isLabelled: ({ faces }) => faces !== null,
    isHit: ({ label, readings }) => readings.no_of_face === label.faces,
  },
  {
    name: 'a face found where one is',
    isLabelled: ({ faces }) => (faces ?? 0) > 0,
    isHit: ({ readings }) => (readings.no_of_face ?? 0) > 0,
  },
  {
    name: 'phone of 1 % of the image or more',
    isLabelled: ({ phone, phoneArea }) => phone === 1 && (phoneArea ?? 0) >= largePhoneArea,
    isHit: isPhoneSeen,
  },
  { name: 'false phone', isLabelled: ({ phone }) => phone === 0, isHit: isPhoneSeen },
  { name: 'hands', isLabelled: ({ hands }) => hands !== null && hands !== '0', isHit: isHandSeen },
  { name: 'gaze direction', isLabelled: ({ gaze }) => gaze !== null, isHit: isGazeCorrect },
];

export interface SliceShare extends Share {
  metric: string;
  slice: string;
}

/** Each metric over all images, and over those of each slice. */
export const sliceShares = (results: readonly SlicedResult[]): SliceShare[] => {
  const slices = ['all', ...new Set(results.flatMap(({ label }) => label.slices))];
  return metrics.flatMap((metric) =>
    slices.flatMap((slice) => {
      const inside = results.filter(
        ({ label }) => metric.isLabelled(label) && (slice === 'all' || label.slices.includes(slice)),
      );
      if (inside.length === 0) return [];
      const outcomes = inside.map((result) => ({ isHit: metric.isHit(result), scene: sceneOf(result.label.file) }));
      return [{ metric: metric.name, slice, ...clusteredShare(outcomes) }];
    }),
  );
};

const percent = (value: number | null): string => (value === null ? '–' : (value * 100).toFixed(1));

/** As a Markdown table. */
export const sliceTable = (shares: readonly SliceShare[]): string => {
  const rows = shares.map(
    ({ metric, slice, n, scenes, share, low, high }) =>
      `| ${metric} | ${slice} | ${n} | ${scenes} | ${percent(share)} % | ${percent(low)}–${percent(high)} % |`,
  );
  return ['| what | slice | images | scenes | share | 95 % interval |', '|---|---|---|---|---|---|', ...rows].join(
    '\n',
  );
};
