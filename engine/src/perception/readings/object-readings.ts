import type { FeatureReadings } from './feature-readings.ts';
import { rounded } from './rounded.ts';
import type { DetectedHand } from '../objects/hand-detector.ts';
import { overlapOfSmaller, shareInside, widened } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';
import type { DetectedPhone } from '../objects/phone-detector.ts';

/** A hand is near the face if it reaches into the face's box, enlarged by this share on each side … */
const nearFaceMargin = 0.15;
/** … with at least this share of its own. A hand that only touches the box's corner is not. */
const nearFaceOverlap = 0.1;
const holdingOverlap = 0.3;

export const phoneReadings = (phone: DetectedPhone | null): FeatureReadings => {
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
};

/** Confidence about left or right below which the side is left out. */
const minSideCertainty = 0.8;

/**
 * Counts all hands; box and side are those of the most confident one. Other objects in a hand cannot be recognised:
 * without a phone in it, holding is unknown.
 */
export const handReadings = (
  hands: readonly DetectedHand[],
  face: BoxPx | null,
  phone: BoxPx | null,
): FeatureReadings => {
  const isNear = (hand: DetectedHand): boolean =>
    face !== null && shareInside(hand.box, widened(face, nearFaceMargin)) >= nearFaceOverlap;
  const isHolding = (hand: DetectedHand): boolean =>
    phone !== null && overlapOfSmaller(hand.box, phone) > holdingOverlap;
  const [surest] = hands.toSorted((a, b) => b.presence - a.presence);
  return {
    hand_count: hands.length,
    ...(surest === undefined ? {} : handPlace(surest)),
    hand_near_face: face === null ? null : hands.some(isNear) ? 1 : 0,
    hand_holding_object: hands.some(isHolding) ? 1 : null,
  };
};

const handPlace = ({ box: { x, y, width, height }, rightness }: DetectedHand): FeatureReadings => {
  const certainty = Math.max(rightness, 1 - rightness);
  return {
    hand_x: rounded(x + width / 2, 1),
    hand_y: rounded(y + height / 2, 1),
    hand_w: rounded(width, 1),
    hand_h: rounded(height, 1),
    hand_side: certainty < minSideCertainty ? null : rightness > 0.5 ? 'right' : 'left',
  };
};
