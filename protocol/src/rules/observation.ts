/** Everything a rule set can observe. */
export const OBSERVATION_TYPES = [
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
] as const;
export type ObservationType = (typeof OBSERVATION_TYPES)[number];

/** Something that lasted. Never a judgement: it says what was measured, from when to when, and which frames show it. */
export interface Observation {
  /** `<type>-<frame_id of the first frame>`; the same for the engine and the server. */
  id: string;
  type: ObservationType;
  /** Client clock, milliseconds since the Unix epoch. */
  from_ms: number;
  /** The last moment at which it was seen; for a running observation, so far. */
  to_ms: number;
  /** Mean over its frames, 0–1. */
  confidence: number;
  /** Means (and extremes) of the numbers that the rule looked at. */
  measured: Record<string, number>;
  /** First, strongest and last frame, by frame_id. */
  evidence: { first: string; strongest: string; last: string };
  frames: number;
}
