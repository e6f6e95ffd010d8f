import type { UnknownReason } from '../feature-frame.ts';
import { clear, seen } from './rule.ts';
import type { Rule } from './rule.ts';

const poor: readonly (UnknownReason | null)[] = ['too_dark', 'too_bright', 'blurred', 'face_too_small', 'face_cut_off'];

/** The picture is too poor to read the face. Help for the student, never a mark against them. */
export const lowQuality: Rule = {
  type: 'low_quality',
  minDurationMs: 10_000,
  bridgeMs: 2000,
  alert: false,
  look(frame) {
    const reason = frame.not_observed ?? frame.unknown?.face ?? frame.unknown?.head ?? null;
    return poor.includes(reason) ? seen(0.7, { brightness: frame.image_brightness ?? 0 }) : clear;
  },
};
