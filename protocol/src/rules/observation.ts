/** Every type of observation. `stream_gap` is found between frames, `answered_unobserved` in the student's answers; each other type has a rule. */
export const observationTypes = [
  'face_absent',
  'multiple_faces',
  'phone_visible',
  'looking_away',
  'camera_obstructed',
  'camera_frozen',
  'gaze_off_exam',
  'reading_aside',
  'head_turned',
  'talking',
  'hand_with_object',
  'student_moved',
  'low_quality',
  'stream_gap',
  'answered_unobserved',
] as const;
export type ObservationType = (typeof observationTypes)[number];

/** A condition that persisted. Never a judgement: it states what was measured, when, and which frames show it. */
export interface Observation {
  /** `<type>-<frame_id of the first frame>`; the same for the engine and the server. */
  id: string;
  type: ObservationType;
  /** Client clock, milliseconds since the Unix epoch. */
  from_ms: number;
  /** When it was last seen, client clock; for a running observation, so far. */
  to_ms: number;
  /** Mean confidence of its frames, 0–1. */
  confidence: number;
  /** Means of the readings that the rule used, in the units of the feature frame. */
  measured: Record<string, number>;
  /** `frame_id`s of the first frame, the one with the highest confidence, and the last. */
  evidence: { first: string; strongest: string; last: string };
  /** Number of frames that show it. */
  frames: number;
  /** The student's baseline excuses it: kept and shown, without points. Absent in other observations. */
  usual?: true;
}
