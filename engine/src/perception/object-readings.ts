import type { FeatureReadings } from './feature-readings.ts';
import { rounded } from './face-readings.ts';
import type { DetectedHand } from './hand-detector.ts';
import { intersectionOverUnion, overlapOfSmaller, type BoxPx } from './landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';

const NEAR_FACE_IOU = 0.02;
const HOLDING_OVERLAP = 0.3;

export function phoneReadings(phone: DetectedPhone | null): FeatureReadings {
  if (phone === null) return { phone_present: 0 };
  const { x, y, width, height } = phone.box;
  return {
    phone_present: 1,
    phone_conf: rounded(phone.score * 100, 1),
    phone_x: rounded(x + width / 2, 1),
    phone_y: rounded(y + height / 2, 1),
    phone_w: rounded(width, 1),
    phone_h: rounded(height, 1),
  };
}

/** What else a hand may hold cannot be told: without a phone in it, holding is unknown. */
export function handReadings(hands: readonly DetectedHand[], face: BoxPx | null, phone: BoxPx | null): FeatureReadings {
  const isNear = (hand: DetectedHand): boolean =>
    face !== null && intersectionOverUnion(hand.box, face) > NEAR_FACE_IOU;
  const isHolding = (hand: DetectedHand): boolean =>
    phone !== null && overlapOfSmaller(hand.box, phone) > HOLDING_OVERLAP;
  return {
    hand_count: hands.length,
    hand_near_face: face === null ? null : hands.some(isNear) ? 1 : 0,
    hand_holding_object: hands.some(isHolding) ? 1 : null,
  };
}
