/** Values of the feature frame's text fields. */

/** Coarse head pose, as the student would describe it (their own left). */
export const headPoses = ['forward', 'left', 'right', 'up', 'down'] as const;
/** Coarse gaze direction on the screen, as the student would describe it (their own left). */
export const gazeDirections = [
  'top_left',
  'top',
  'top_right',
  'left',
  'center',
  'right',
  'bottom_left',
  'bottom',
  'bottom_right',
] as const;

/** Which of the person's own hands. */
export const handSides = ['left', 'right'] as const;

/** Groups of readings that become unknown together. */
export const readingGroups = ['face', 'head', 'gaze', 'eyes', 'mouth', 'phone', 'hands', 'quality'] as const;

/** Why a reading, or a whole frame, is unknown. */
export const unknownReasons = [
  'camera_starting',
  'camera_lost',
  /** The device, the system or a call switched the camera off. */
  'camera_muted',
  /** The browser froze or discarded the page: nothing ran in it since the last frame. */
  'page_suspended',
  'worker_restarted',
  'paused',
  'obstructed',
  'frozen',
  'too_dark',
  'too_bright',
  'blurred',
  'face_too_small',
  'face_cut_off',
  'face_covered',
  'head_turned',
  'eyes_closed',
  'no_face',
  'not_due',
  'not_calibrated',
  'model_missing',
  'detector_failed',
  'canvas_falsified',
  /** The session runs without a camera, or without image analysis; the exam's policy decides whether it may. */
  'no_camera',
  'no_image_analysis',
  /** The camera was blocked for this page while the session ran. */
  'camera_blocked',
] as const;

export type HeadPose = (typeof headPoses)[number];
export type GazeDirection = (typeof gazeDirections)[number];
export type ReadingGroup = (typeof readingGroups)[number];
export type UnknownReason = (typeof unknownReasons)[number];
