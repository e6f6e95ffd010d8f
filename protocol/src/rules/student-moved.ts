import { usualReadings } from './baseline.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** In widths of the usual face. */
const enterWidths = 2.5;
const leaveWidths = 2;

/** The student sits in quite another place than in the first minutes. */
export const studentMoved: Rule = {
  type: 'student_moved',
  minDurationMs: 15_000,
  bridgeMs: 3000,
  alert: false,
  look(frame, active, { baseline }) {
    const now = usualReadings(frame);
    const usual = baseline?.place ?? null;
    if (now === null || usual === null || usual.face_w === 0) return unseen;
    const widths = Math.hypot(now.face_x - usual.face_x, now.face_y - usual.face_y) / usual.face_w;
    if (widths < (active ? leaveWidths : enterWidths)) return clear;
    return seen(0.6, { face_widths_from_usual: widths });
  },
};
