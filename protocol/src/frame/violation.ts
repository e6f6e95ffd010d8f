import * as v from 'valibot';

/** Events that the exam page itself can detect. They never include content: no keystrokes, no clipboard text. */
export const violationTypes = [
  'TAB_SWITCH',
  'WINDOW_BLUR',
  'COPY_ATTEMPT',
  'PASTE_ATTEMPT',
  'RIGHT_CLICK',
  'DEV_TOOLS',
  'FULL_SCREEN_EXIT',
  'SECOND_SCREEN',
] as const;
export type ViolationType = (typeof violationTypes)[number];

/** One violation. `timestamp`: client clock, milliseconds since the Unix epoch. */
export const ViolationSchema = v.object({
  type: v.picklist(violationTypes),
  timestamp: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15)),
});
export type Violation = v.InferOutput<typeof ViolationSchema>;
