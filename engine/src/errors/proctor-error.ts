import { failureTextsEn } from '../i18n/failure-texts-en.ts';

/** Every error that the page embedding a proctor can receive. */
export const proctorFailures = [
  'options_invalid',
  'wrong_state',
  'camera_denied',
  'camera_dismissed',
  /** The system's privacy settings do not let the browser use the camera. */
  'camera_denied_by_system',
  'camera_in_use',
  'camera_none',
  'camera_insecure_page',
  'camera_unsupported',
  'camera_overconstrained',
  'camera_failed',
  /** The page's permissions policy, or that of the embedding page, blocks the camera. */
  'camera_forbidden_by_page',
  'camera_lost',
  /** Blocked for this page mid-session; it is used again once it is allowed. */
  'camera_blocked',
  /** Switched off by the device, the system or a call; it recovers by itself. */
  'camera_muted',
  'camera_needs_touch',
  /** The image analysis failed for a reason that the browser does not report. */
  'engine_unavailable',
  /** A file of the image analysis arrived incomplete or changed. */
  'engine_file_damaged',
  /** A file of the image analysis could not be loaded. */
  'engine_file_unreachable',
  /** The device has too little free memory. */
  'engine_out_of_memory',
  /** The browser has WebAssembly and WebGL turned off. */
  'engine_unsupported',
  /** The page's content policy forbids WebAssembly. */
  'engine_forbidden_by_page',
  'engine_restarted',
  'session_open_elsewhere',
  /** Another element of this page has a session that is starting or running. */
  'session_open_in_page',
  'session_replaced',
  'session_refused',
  'storage_unavailable',
  /** The disk, or the page's share of it, is full. */
  'storage_full',
  /** The browser does not store data, and the exam's policy requires it. */
  'storage_required',
  /** The browser has no Web Locks, and the exam's policy requires them. */
  'lock_required',
  'message_refused',
  'clock_wrong',
] as const;
export type ProctorFailure = (typeof proctorFailures)[number];

/**
 * The only error class of the engine. `message` is written for the student; `cause` is the browser's error.
 * `recoverable`: the proctor continues by itself.
 */
export class ProctorError extends Error {
  override readonly name = 'ProctorError';
  readonly reason: ProctorFailure;
  readonly recoverable: boolean;
  /** Details for the developer of the page. */
  readonly detail: string | null;

  constructor(reason: ProctorFailure, options: { cause?: unknown; recoverable?: boolean; detail?: string } = {}) {
    super(failureTextsEn[reason], options.cause === undefined ? {} : { cause: options.cause });
    this.reason = reason;
    this.recoverable = options.recoverable ?? false;
    this.detail = options.detail ?? null;
  }
}

/** The error itself, or `engine_unavailable` with it as the cause. */
export const asProctorError = (error: unknown): ProctorError =>
  error instanceof ProctorError
    ? error
    : new ProctorError('engine_unavailable', {
        cause: error,
        detail: error instanceof Error ? error.message : String(error),
      });
