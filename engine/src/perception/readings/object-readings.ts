import type { FeatureReadings } from './feature-readings.ts';
import { rounded } from './rounded.ts';
import type { DetectedHand } from '../objects/hand-detector.ts';
import { overlapOfSmaller, shareInside, widened, type BoxPx } from '../geometry/landmark.ts';
import type { DetectedPhone } from '../objects/phone-detector.ts';

/** A hand is near the face when it reaches into the face's box, made larger by this share of it on each side … */
const NEAR_FACE_MARGIN = 0.15;
/** … with at least this share of its own. A hand that only passes by the box's corner is not. */
const NEAR_FACE_OVERLAP = 0.1;
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

/** Certainty about left or right below which it is not said. */
const MIN_SIDE_CERTAINTY = 0.8;

/**
 * Counts all hands; box and side are the surest one's. What else a hand may hold cannot be told: without a phone in it,
 * holding is unknown.
 */
export function handReadings(hands: readonly DetectedHand[], face: BoxPx | null, phone: BoxPx | null): FeatureReadings {
  const isNear = (hand: DetectedHand): boolean =>
    face !== null && shareInside(hand.box, widened(face, NEAR_FACE_MARGIN)) >= NEAR_FACE_OVERLAP;
  const isHolding = (hand: DetectedHand): boolean =>
    phone !== null && overlapOfSmaller(hand.box, phone) > HOLDING_OVERLAP;
  const [surest] = hands.toSorted((a, b) => b.presence - a.presence);
  return {
    hand_count: hands.length,
    ...(surest === undefined ? {} : handPlace(surest)),
    hand_near_face: face === null ? null : hands.some(isNear) ? 1 : 0,
    hand_holding_object: hands.some(isHolding) ? 1 : null,
  };
}

function handPlace({ box: { x, y, width, height }, rightness }: DetectedHand): FeatureReadings {
  const certainty = Math.max(rightness, 1 - rightness);
  return {
    hand_x: rounded(x + width / 2, 1),
    hand_y: rounded(y + height / 2, 1),
    hand_w: rounded(width, 1),
    hand_h: rounded(height, 1),
    hand_side: certainty < MIN_SIDE_CERTAINTY ? null : rightness > 0.5 ? 'right' : 'left',
  };
}
