/** Why an open camera delivers no images. */
export type CameraLostCause =
  /** The device is unplugged or unavailable. */
  | 'disconnected'
  /** The student, or the browser on their behalf, has blocked the camera for this page. */
  | 'blocked'
  /** The device, the system or a call switched it off; the track reports it and recovers by itself. */
  | 'muted'
  /** The track is live but delivers nothing: a stalled driver, or sleep. */
  | 'stalled'
  /** The browser plays no video before the student touches the page. */
  | 'needs_touch';

export type CameraState =
  | { state: 'starting' }
  | { state: 'on'; label: string; widthPx: number; heightPx: number; frameRateHz: number | null }
  /** Lost mid-session; it is reopened when it is available again. `sinceMs`: Unix epoch. */
  | { state: 'lost'; sinceMs: number; cause: CameraLostCause };

/** A step is needed before the camera can open: an answer to the browser's prompt, the device, or a touch. */
export type CameraWait = 'permission' | 'device' | 'touch';
