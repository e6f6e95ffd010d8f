import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLabels } from './labels.ts';
import { score } from './score.ts';

const deg = Math.PI / 180;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-labels-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const labelsOf = async (...rows: string[][]) => {
  const header = 'file faces persons phone phone_area hands yaw_deg pitch_deg roll_deg head gaze'.split(' ');
  await writeFile(join(folder, 'labels.tsv'), [header, ...rows].map((cells) => cells.join('\t')).join('\n'));
  return readLabels(folder);
};

describe('evaluation', () => {
  test('an empty cell is not labelled, and is not counted', async () => {
    const [label] = await labelsOf(['a.jpg', '', '', '', '', '', '', '', '', '', '']);
    const { faces, phone, hands, head_pose } = score([
      { label: label!, readings: { no_of_face: 3, phone_present: 1 } },
    ]);
    expect([faces.n, phone.positives, phone.negatives, hands.positives, head_pose.n]).toEqual([0, 0, 0, 0, 0]);
    expect([faces.exact, phone.recall, head_pose.mae_deg]).toEqual([null, null, null]);
  });

  test('sides of the image are turned into the student’s', async () => {
    const rows = (head: string, gaze: string) => ['a.jpg', '', '', '', '', '', '', '', '', head, gaze];
    const labels = await labelsOf(rows('image-left', 'image-right'), rows('front', 'eyes-closed'));
    const right = [
      { label: labels[0]!, readings: { head_pose: 'right', gaze_direction: 'top_left' } },
      { label: labels[1]!, readings: { head_pose: 'forward', gaze_direction: null } },
    ];
    expect(score(right)).toMatchObject({ head: { n: 2, correct: 1 }, gaze: { n: 2, correct: 1 } });
    const wrong = right.map(({ label }) => ({ label, readings: { head_pose: 'left', gaze_direction: 'right' } }));
    expect(score(wrong)).toMatchObject({ head: { correct: 0 }, gaze: { correct: 0 } });
  });

  test('head pose is the mean over the three angles of the faces that were found', async () => {
    const row = (yaw: string) => ['a.jpg', '', '', '', '', '', yaw, '0', '0', '', ''];
    const labels = await labelsOf(row('10'), row('20'), row('75'));
    const readings = { head_yaw: 16 * deg, head_pitch: 3 * deg, head_roll: 0 };
    const results = [
      { label: labels[0]!, readings },
      { label: labels[1]!, readings: {} },
      { label: labels[2]!, readings },
    ];
    expect(score(results).head_pose).toEqual({ n: 2, found: 1, mae_deg: 3, yaw: 6, pitch: 3, roll: 0 });
  });

  test('phones count by size, hands and faces against images without a person', async () => {
    const labels = await labelsOf(
      ['a.jpg', '', '1', '1', '0.02', '', '', '', '', '', ''],
      ['b.jpg', '', '1', '1', '0.002', '', '', '', '', '', ''],
      ['c.jpg', '0', '0', '0', '', '', '', '', '', '', ''],
      ['d.jpg', '', '1', '0', '', '>=1', '', '', '', '', ''],
    );
    const seen = { phone_present: 1, hand_count: 1, no_of_face: 1 };
    const results = [seen, {}, seen, seen].map((readings, i) => ({ label: labels[i]!, readings }));
    expect(score(results)).toMatchObject({
      phone: { positives: 2, recall: 0.5, negatives: 2, false_positives: 2 },
      phone_large: { positives: 1, recall: 1 },
      hands: { positives: 1, recall: 1, negatives: 1, false_positives: 1 },
      faces: { n: 1, exact: 0, false_on_empty: 1 },
    });
  });
});
