import { expect, test } from 'vitest';
import { score } from './score.ts';
import type { LabelledReadings } from './score.ts';
import { phoneSizeText, tableText } from './table.ts';

const unlabelled = { persons: null, hands: null, yawDeg: null, pitchDeg: null, rollDeg: null, head: null, gaze: null };

const phones = (count: number, seen: number): LabelledReadings[] =>
  Array.from({ length: count }, (_, i) => ({
    label: { ...unlabelled, file: `${i}.jpg`, faces: null, phone: 1, phoneArea: 0.02, slices: [] },
    readings: { phone_present: i < seen ? 1 : 0 },
  }));

const lineOf = (text: string, what: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(`| ${what} |`));

test('a table states no share of fewer than five images', () => {
  const four = phones(4, 2);
  expect(lineOf(tableText(score(four)), 'phone of 1 % of the image or more')).toContain('| 4 | recall – |');
  expect(lineOf(phoneSizeText(four), '1.5 % to 3 %')).toBe('| 1.5 % to 3 % | 4 | – |');
});

test('it does of five', () => {
  const five = phones(5, 2);
  expect(lineOf(tableText(score(five)), 'phone of 1 % of the image or more')).toContain('| 5 | recall 40 % |');
  expect(lineOf(phoneSizeText(five), '1.5 % to 3 %')).toBe('| 1.5 % to 3 % | 5 | 40 % |');
});
