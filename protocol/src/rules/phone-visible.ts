import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * A phone in the image. The detector runs less often than frames are sent, and frames repeat its last result; the minimum
 * duration spans at least two detector runs, so one false detection is never enough.
 */
export const phoneVisible: Rule = {
  type: 'phone_visible',
  minDurationMs: 1000,
  bridgeMs: 2200,
  alert: true,
  look(frame) {
    const present = frame.phone_present ?? null;
    if (present === null) return unknown;
    if (present === 0) return clear;
    const percent = frame.phone_conf ?? 50;
    return seen(percent / 100, { phone_conf: percent });
  },
};

/** From this mean confidence on, the two phone models agree well enough for the shortest duration. */
const strongConfidence = 0.5;
/** The lowest confidence that the engine reports, and the duration factor at that confidence. */
const weakest = { confidence: 0.35, factor: 4 };

/**
 * The same, with a duration that depends on the confidence: at the lowest confidence, a phone has to be visible for 4 s. Wallets,
 * cameras and cups that are held up for a moment reach low confidences.
 */
export const phoneVisibleByConfidence: Rule = {
  ...phoneVisible,
  durationFactor(meanConfidence) {
    const weakness = (strongConfidence - meanConfidence) / (strongConfidence - weakest.confidence);
    return 1 + Math.min(1, Math.max(0, weakness)) * (weakest.factor - 1);
  },
};
