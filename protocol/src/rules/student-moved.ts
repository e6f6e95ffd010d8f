import { baselineReadings } from './baseline.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** Distance from the baseline position to open and to close, as multiples of the baseline's face width. */
const enterWidths = 2.5;
const leaveWidths = 2;

/** The student's position differs clearly from that in the first minutes. */
export const studentMoved: Rule = {
  type: 'student_moved',
  minDurationMs: 15_000,
  bridgeMs: 3000,
  alert: false,
  look(frame, active, { baseline }) {
    const now = baselineReadings(frame);
    const place = baseline?.place ?? null;
    if (now === null || place === null || place.face_w === 0) return unknown;
    const widths = Math.hypot(now.face_x - place.face_x, now.face_y - place.face_y) / place.face_w;
    if (widths < (active ? leaveWidths : enterWidths)) return clear;
    return seen(0.6, { face_widths_from_usual: widths });
  },
};
