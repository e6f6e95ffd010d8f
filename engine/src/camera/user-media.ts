import { withDeadline } from '../timing/deadline.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import { cameraFailure } from './camera-failure.ts';
import { cameraPermission } from './camera-permission.ts';
import type { CameraWait } from './camera-state.ts';

export interface OpeningOptions {
  /** Aborting stops opening; a stream that still arrives is stopped. */
  signal?: AbortSignal;
  /** What opening the camera is waiting for; null once it continues. */
  onWaiting?: (wait: CameraWait | null) => void;
}

/** After this long without an answer, the student sees what is missing. */
const noticeAfterMs = 5000;
/** For a camera that is already allowed. The browser's prompt may stay open as long as the student likes. */
const deviceTimeoutMs = 30_000;
const questionTimeoutMs = 2_147_483_647;
/** A camera that another page has just closed may fail for a moment. */
const retryDelaysMs = [300, 500, 700, 1000, 1000];

const stop = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const abort = (): void => reject(new ProctorError('camera_failed', { detail: 'opening the camera was aborted' }));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });

const requestOnce = async (video: MediaTrackConstraints | true, options: OpeningOptions): Promise<MediaStream> => {
  const { signal = new AbortController().signal, onWaiting = () => undefined } = options;
  const isAllowed = (await cameraPermission()) === 'granted';
  let isWaiting = false;
  const notice = setTimeout(() => {
    isWaiting = true;
    onWaiting(isAllowed ? 'device' : 'permission');
  }, noticeAfterMs);
  const answer = navigator.mediaDevices.getUserMedia({ audio: false, video });
  const limited = withDeadline('getUserMedia', isAllowed ? deviceTimeoutMs : questionTimeoutMs, answer, stop);
  try {
    return await Promise.race([limited, aborted(signal)]);
  } catch (error) {
    if (signal.aborted) void limited.then(stop, () => undefined);
    throw error;
  } finally {
    clearTimeout(notice);
    if (isWaiting) onWaiting(null);
  }
};

const isTransient = (error: ProctorError): boolean =>
  error.cause instanceof Error && ['NotReadableError', 'TrackStartError', 'AbortError'].includes(error.cause.name);

/** Asks the browser for a stream, and again for about three seconds while the camera is still busy. Rejects with a ProctorError. */
export const requestStream = async (
  video: MediaTrackConstraints | true,
  options: OpeningOptions = {},
): Promise<MediaStream> => {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await requestOnce(video, options);
    } catch (cause) {
      const error = cameraFailure(cause);
      const delayMs = retryDelaysMs[attempt];
      if (delayMs === undefined || !isTransient(error) || options.signal?.aborted === true) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
};
