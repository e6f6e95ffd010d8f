/** Everything that can go wrong for the page that embeds a proctor. */
export const PROCTOR_FAILURES = [
  'options_invalid',
  'wrong_state',
  'camera_denied',
  'camera_dismissed',
  'camera_in_use',
  'camera_none',
  'camera_insecure_page',
  'camera_unsupported',
  'camera_overconstrained',
  'camera_failed',
  'camera_lost',
  'engine_unavailable',
  'engine_restarted',
  'session_open_elsewhere',
  'session_refused',
  'storage_unavailable',
  'message_refused',
  'clock_wrong',
] as const;
export type ProctorFailure = (typeof PROCTOR_FAILURES)[number];

/** Said to the student as it stands, unless the page has its own words for the reason. */
export const failureWords: Record<ProctorFailure, string> = {
  options_invalid: 'The exam page started the proctoring with wrong options.',
  wrong_state: 'That is not possible at this moment.',
  camera_denied:
    'The camera is blocked for this page. Allow it with the camera symbol beside the address, then try again.',
  camera_dismissed: 'The question about the camera was closed without an answer. Try again and choose “Allow”.',
  camera_in_use: 'Another program is using the camera. Close video calls and other camera programs, then try again.',
  camera_none: 'No camera was found. Plug one in or switch it on, then try again.',
  camera_insecure_page:
    'The browser gives the camera to secure pages only. Open this page with an address that begins with https.',
  camera_unsupported: 'This browser cannot use a camera. Use a current Chrome, Edge, Firefox or Safari.',
  camera_overconstrained: 'The camera that was chosen is not there. Choose another one.',
  camera_failed: 'The camera could not be started. Unplug it or restart the browser, then try again.',
  camera_lost: 'The camera was disconnected. The exam goes on; plug the camera in again and it will be picked up.',
  engine_unavailable: 'The picture analysis could not be started on this device.',
  engine_restarted: 'The picture analysis stopped and was started again.',
  session_open_elsewhere: 'This session is open in another tab. Go on there, or close that tab first.',
  session_refused: 'The server did not accept this session.',
  storage_unavailable:
    'This browser does not let the page store data. Keep this tab open until everything is delivered.',
  message_refused: 'The server did not accept a message.',
  clock_wrong:
    'The clock of this device is wrong. The times of the recording are corrected; set the clock when you can.',
};

/**
 * The one error class of the engine. `message` is written for the student; `cause` is what the browser said.
 * `recoverable`: the proctor goes on by itself.
 */
export class ProctorError extends Error {
  override readonly name = 'ProctorError';
  readonly reason: ProctorFailure;
  readonly recoverable: boolean;
  /** What happened in detail, for the developer of the page. */
  readonly detail: string | null;

  constructor(reason: ProctorFailure, options: { cause?: unknown; recoverable?: boolean; detail?: string } = {}) {
    super(failureWords[reason], options.cause === undefined ? {} : { cause: options.cause });
    this.reason = reason;
    this.recoverable = options.recoverable ?? false;
    this.detail = options.detail ?? null;
  }
}
