import { describe, expect, test } from 'vitest';
import { sliceShares, sliceTable } from './slices.ts';
import type { SlicedResult } from './slices.ts';

const result = (file: string, label: Partial<SlicedResult['label']>, readings: object): SlicedResult => ({
  label: { file, faces: null, phone: null, phoneArea: null, hands: null, gaze: null, slices: [], ...label },
  readings,
});
const find = (results: SlicedResult[], metric: string, slice = 'all') =>
  sliceShares(results).find((share) => share.metric === metric && share.slice === slice);

describe('slices', () => {
  test('each metric counts the images that are labelled for it, over all and in each slice', () => {
    const results = [
      result('mask_1.jpg', { faces: 1, slices: ['mask'] }, { no_of_face: 0 }),
      result('mask_2.jpg', { faces: 1, slices: ['mask', 'glasses'] }, { no_of_face: 1 }),
      result('plain_1.jpg', { faces: 2 }, { no_of_face: 1 }),
      result('other.jpg', { phone: 0 }, { no_of_face: 9, phone_present: 1 }),
    ];
    expect(find(results, 'faces, exact count')).toMatchObject({ n: 3, share: 1 / 3 });
    expect(find(results, 'a face found where one is')).toMatchObject({ n: 3, share: 2 / 3 });
    expect(find(results, 'faces, exact count', 'mask')).toMatchObject({ n: 2, share: 0.5 });
    expect(find(results, 'faces, exact count', 'glasses')).toMatchObject({ n: 1, share: 1 });
    expect(find(results, 'false phone')).toMatchObject({ n: 1, share: 1 });
    expect(find(results, 'hands')).toBeUndefined();
  });

  test('small phones are left out', () => {
    const results = [
      result('a.jpg', { phone: 1, phoneArea: 0.02 }, { phone_present: 1 }),
      result('b.jpg', { phone: 1, phoneArea: 0.002 }, { phone_present: 0 }),
    ];
    expect(find(results, 'phone of 1 % of the image or more')).toMatchObject({ n: 1, share: 1 });
  });

  test('the table has a line for each', () => {
    const lines = sliceTable(sliceShares([result('a.jpg', { faces: 1 }, { no_of_face: 1 })])).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\| faces, exact count \| all \| 1 \| 1 \| 100\.0 % \| 20\.7–100\.0 % \|$/u);
  });
});
