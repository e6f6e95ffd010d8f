import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gazeTable } from './gaze-table.ts';
import { readHeldOut } from './held-out.ts';
import { bestAgreement, thresholds } from './threshold.ts';

test('the agreement is the weighted mean of both scores, and the best of an image’s suspects counts', () => {
  expect(
    bestAgreement(
      [
        [0.9, 0],
        [0.3, 0.6],
      ],
      2,
    ),
  ).toBeCloseTo(0.5);
  expect(bestAgreement([], 2)).toBe(0);
});

test('a threshold admits no more images without a phone than allowed', () => {
  const others = Array.from({ length: 100 }, (_, i) => i / 100);
  const [none, five] = thresholds([0.5, 0.95, 0.995], others, [0, 0.05]);
  expect(none).toEqual({ falseShare: 0, threshold: 0.99, recall: 1 / 3 });
  expect(others.filter((score) => score > five!.threshold)).toHaveLength(5);
  expect(five?.recall).toBeCloseTo(2 / 3);
});

test('only groups that nothing is trained on are held out, one image of each original', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-held-out-'));
  const rows = [
    ['a.jpg', 'pp', 'one', '0.1 0.2 0.3 0.4; 0.5 0.5 0.6 0.6'],
    ['b.jpg', 'pp', 'one', ''],
    ['c.jpg', 'phone_png', 'two', '0 0 1 1'],
    ['d.jpg', 'im_phone', 'three', '0 0 1 1'],
    ['e.jpg', 'iewel', 'b', ''],
    ['f.jpg', 'iewel', 'a', ''],
    ['iewel-none-03027.jpg', 'iewel', 'd', ''],
  ];
  const text = [['file', 'group', 'original', 'boxes'], ...rows].map((cells) => cells.join('\t')).join('\n');
  try {
    await writeFile(join(folder, 'labels.tsv'), `${text}\n`);
    expect(await readHeldOut(folder)).toEqual([
      {
        file: 'pictures/a.jpg',
        boxes: [
          [0.1, 0.2, 0.3, 0.4],
          [0.5, 0.5, 0.6, 0.6],
        ],
      },
      { file: 'pictures/e.jpg', boxes: [] },
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the gaze table leaves out images without a face', () => {
  const looking = (eyePitchDeg: number, lidHeight: number) => ({
    eyePitchRad: (eyePitchDeg * Math.PI) / 180,
    lidHeight,
  });
  const table = gazeTable({
    camera: [looking(1, 0.2), null, looking(-3, 0.11), looking(2, 0.25)],
    down: [looking(-20, 0.05), looking(-9, 0.145)],
  });
  expect(table).toContain('into the camera: 1.0°');
  expect(table).toContain('| 0.12 | 1 of 2 | 1 of 3 |');
  expect(table).toContain('| 0.15 | 2 of 2 | 1 of 3 |');
});
