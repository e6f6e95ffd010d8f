import { isObserved } from '../frame/feature-frame.ts';
import type { UnknownReason } from '../frame/feature-vocabulary.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

const poor: readonly (UnknownReason | null)[] = ['too_dark', 'too_bright', 'blurred', 'face_too_small', 'face_cut_off'];

/**
 * The image is too poor to read the face. Helps the student to improve it; never counts against them. An obstructed or
 * frozen camera has its own rule. A frame that is unobserved for another reason says nothing about image quality.
 */
export const lowQuality: Rule = {
  type: 'low_quality',
  minDurationMs: 10_000,
  bridgeMs: 2000,
  alert: false,
  look(frame, _active, { running }) {
    if (running.has('camera_obstructed') || running.has('camera_frozen')) return clear;
    const reason = frame.not_observed ?? frame.unknown?.face ?? frame.unknown?.head ?? null;
    if (poor.includes(reason)) return seen(0.7, { brightness: frame.image_brightness ?? 0 });
    return isObserved(frame) ? clear : unknown;
  },
};
