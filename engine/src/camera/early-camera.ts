import { cameraPermission } from './camera-permission.ts';
import type { CameraWait } from './camera-state.ts';
import { openCamera } from './open-camera.ts';
import type { CameraRequest } from './open-camera.ts';

/**
 * A stream that is opened while the models load: the browser asks for the camera at once, and a camera that is missing, in use or blocked
 * is known before megabytes have arrived. It stays open until the camera itself is, so that the browser does not ask twice.
 */
export class EarlyCamera {
  readonly #onWaiting: (wait: CameraWait | null) => void;
  #stream: MediaStream | null = null;
  #cancelled = new AbortController();
  #waitingFor: CameraWait | null = null;

  constructor(onWaiting: (wait: CameraWait | null) => void) {
    this.#onWaiting = onWaiting;
  }

  /** Rejects like `openCamera`. Does nothing in a browser that does not report the permission, because it may ask twice. */
  async open(request: CameraRequest): Promise<void> {
    const isCancelled = this.#cancelled.signal;
    if (this.#stream !== null || (await cameraPermission()) === null) return;
    const onWaiting = (wait: CameraWait | null): void => {
      this.#waitingFor = wait;
      this.#onWaiting(wait);
    };
    this.#stream = await openCamera(request, { onWaiting });
    if (isCancelled.aborted) this.release();
  }

  /** Repeats what opening waits for, now that the models are loaded. */
  announceWait(): void {
    this.#onWaiting(this.#waitingFor);
  }

  /** Closes the stream, now or once the student answers: the camera is not needed after all. */
  cancel(): void {
    this.#cancelled.abort();
    this.#cancelled = new AbortController();
    this.release();
  }

  /** Closes the stream if it is open. */
  release(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }
}
