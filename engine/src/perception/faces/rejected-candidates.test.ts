import { expect, test } from 'vitest';
import { RejectedCandidates } from './rejected-candidates.ts';

const lamp = { box: { x: 100, y: 100, width: 40, height: 80 }, score: 0.3 };
const dismissed = (times: number): RejectedCandidates => {
  const suspects = new RejectedCandidates();
  for (let search = 0; search < times; search++) suspects.dismiss(lamp, search);
  return suspects;
};

test('an object that was rejected three times is skipped', () => {
  expect(dismissed(2).isKnown(lamp, 2)).toBe(false);
  expect(dismissed(3).isKnown(lamp, 3)).toBe(true);
  const moved = { ...lamp, box: { ...lamp.box, x: 104 } };
  expect(dismissed(3).isKnown(moved, 3)).toBe(true);
});

test('an object with a higher score, or in another place, is not skipped', () => {
  expect(dismissed(3).isKnown({ ...lamp, score: 0.45 }, 3)).toBe(false);
  expect(dismissed(3).isKnown({ ...lamp, box: { ...lamp.box, x: 160 } }, 3)).toBe(false);
});

test('it is checked again after ten searches, and then one rejection is enough', () => {
  const suspects = dismissed(3);
  expect(suspects.isKnown(lamp, 11)).toBe(true);
  expect(suspects.isKnown(lamp, 12)).toBe(false);
  suspects.dismiss(lamp, 12);
  expect(suspects.isKnown(lamp, 21)).toBe(true);
  expect(suspects.isKnown(lamp, 22)).toBe(false);
});

test('rejections long ago do not count unless they were enough', () => {
  const suspects = dismissed(2);
  suspects.dismiss(lamp, 11);
  expect(suspects.isKnown(lamp, 12)).toBe(false);
});
