import { describe, expect, test } from 'vitest';
import { handReadings } from './object-readings.ts';

const face = { x: 200, y: 100, width: 100, height: 120 };
const handAt = (x: number, y: number, more: { presence?: number; rightness?: number } = {}) => ({
  box: { x, y, width: 60, height: 80 },
  presence: 0.9,
  rightness: 0.99,
  ...more,
});

describe('readings of hands', () => {
  test('a hand at the cheek is near the face, one in the lap is not', () => {
    expect(handReadings([handAt(290, 140)], face, null)).toMatchObject({ hand_near_face: 1 });
    expect(handReadings([handAt(400, 350)], face, null)).toMatchObject({ hand_near_face: 0 });
  });

  test('without a face, nearness to it is unknown', () => {
    expect(handReadings([handAt(290, 140)], null, null).hand_near_face).toBeNull();
  });

  test('place and side are those of the most confident hand; an uncertain side is left out', () => {
    const two = [handAt(0, 0), handAt(300, 200, { presence: 0.99, rightness: 0.04 })];
    expect(handReadings(two, face, null)).toMatchObject({ hand_count: 2, hand_x: 330, hand_y: 240, hand_side: 'left' });
    expect(handReadings([handAt(0, 0, { rightness: 0.6 })], face, null).hand_side).toBeNull();
    expect(handReadings([], face, null)).not.toHaveProperty('hand_x');
  });

  test('a hand holds an overlapping phone; other objects are unknown', () => {
    const phone = { x: 310, y: 150, width: 30, height: 60 };
    expect(handReadings([handAt(300, 140)], face, phone).hand_holding_object).toBe(1);
    expect(handReadings([handAt(0, 300)], face, phone).hand_holding_object).toBeNull();
    expect(handReadings([handAt(300, 140)], face, null).hand_holding_object).toBeNull();
  });
});
