import { expect, test } from 'vitest';
import { isFace, isSameHand } from './distinct-hands.ts';

const face = { x: 200, y: 100, width: 120, height: 160 };
const hand = { x: 260, y: 220, width: 60, height: 80 };

test('a box inside a face is no hand', () => {
  expect(isFace({ x: 210, y: 140, width: 90, height: 100 }, [face])).toBe(true);
  expect(isFace({ x: 210, y: 140, width: 90, height: 100 }, [])).toBe(false);
});

test('a hand at the chin, or larger than the face, is one', () => {
  expect(isFace(hand, [face])).toBe(false);
  expect(isFace({ x: 150, y: 60, width: 240, height: 240 }, [face])).toBe(false);
});

test('a palm inside a known hand is that hand, one beside it is not', () => {
  expect(isSameHand({ x: 270, y: 240, width: 40, height: 40 }, [hand])).toBe(true);
  expect(isSameHand({ x: 400, y: 220, width: 60, height: 80 }, [hand])).toBe(false);
  expect(isSameHand(hand, [])).toBe(false);
});
