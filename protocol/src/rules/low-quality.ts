import { isObserved } from '../frame/feature-frame.ts';
import type { UnknownReason } from '../frame/feature-frame.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

const poor: readonly (UnknownReason | null)[] = ['too_dark', 'too_bright', 'blurred', 'face_too_small', 'face_cut_off'];

/**
 * The picture is too poor to read the face. Help for the student, never a mark against them. A covered or standing camera is told as that,
 * and a frame that shows nothing for another reason tells nothing of the picture.
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
    return isObserved(frame) ? clear : unseen;
  },
};
