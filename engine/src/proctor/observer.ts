import { BlackFeed } from '../camera/black-feed.ts';
import { Camera } from '../camera/camera.ts';
import type { CameraState, CameraWait } from '../camera/camera-state.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import type { Timers } from '../timing/timers.ts';
import { createPerception } from '../worker/perception-client.ts';
import type { EngineFacts, LoadProgress, Perception, PerceptionEvents } from '../worker/perception.ts';
import { FrameLoop } from './frame-loop.ts';
import type { LoopReading } from './frame-loop.ts';
import type { ResolvedOptions } from './options.ts';

export interface ObserverListeners {
  onProgress: (progress: LoadProgress) => void;
  onCapability: (change: PerceptionEvents['capability']) => void;
  onCamera: (state: CameraState) => void;
  /** What opening the camera is waiting for; null once it continues. */
  onCameraWaiting: (wait: CameraWait | null) => void;
  onError: (error: ProctorError) => void;
  /** Each camera image before it is read. The listener must copy what it wants to keep. */
  onImage: (image: ImageBitmap | VideoFrame) => void;
}

/** Camera and worker of one session, and the loop that passes images from one to the other. */
export class Observer {
  readonly #options: ResolvedOptions;
  readonly #timers: Timers;
  readonly #listeners: ObserverListeners;
  #perception: Perception | null = null;
  #camera: Camera | null = null;
  #opening = new AbortController();
  #loop: FrameLoop | null = null;
  readonly #black = new BlackFeed();
  #isClosed = false;

  constructor(options: ResolvedOptions, timers: Timers, listeners: ObserverListeners) {
    this.#options = options;
    this.#timers = timers;
    this.#listeners = listeners;
  }

  get camera(): CameraState {
    return this.#camera?.state ?? { state: 'starting' };
  }

  /** Video inputs that the browser lists; null if it does not list them. */
  get deviceCount(): number | null {
    return this.#camera?.deviceCount ?? null;
  }

  get isReading(): boolean {
    return this.#loop !== null;
  }

  /** Starts the worker and loads its models. After a failure it can be called again. */
  async load(): Promise<EngineFacts> {
    const perception = this.#createPerception();
    this.#perception = perception;
    try {
      return await perception.load(this.#listeners.onProgress);
    } catch (error) {
      perception.close();
      this.#perception = null;
      throw error;
    }
  }

  async openCamera(): Promise<void> {
    if (this.#camera !== null) return;
    const { deviceId = null, cameraWidthPx, cameraHeightPx, video = null } = this.#options;
    const { onCamera, onCameraWaiting, onError } = this.#listeners;
    this.#opening = new AbortController();
    const camera = await Camera.open(
      { deviceId, widthPx: cameraWidthPx, heightPx: cameraHeightPx },
      {
        timers: this.#timers,
        video,
        signal: this.#opening.signal,
        onState: onCamera,
        onWaiting: onCameraWaiting,
        onError,
      },
    );
    this.#camera = camera;
    if (this.#isClosed) this.closeCamera();
  }

  closeCamera(): void {
    this.stopReading();
    this.#opening.abort();
    this.#camera?.close();
    this.#camera = null;
  }

  /** Reads the open camera at a steady rate; replaces the current loop. @param frameRateHz frames per second. */
  read(frameRateHz: number, onReading: (reading: LoopReading) => void): void {
    this.stopReading();
    const [camera, perception] = [this.#camera, this.#perception];
    if (camera === null || perception === null) {
      throw new ProctorError('wrong_state', { detail: 'the camera is not open or the models are not loaded' });
    }
    this.#loop = new FrameLoop({
      camera,
      read: (image, monotonicMs) => {
        // Reading transfers the image to the worker, so this comes first.
        this.#listeners.onImage(image);
        return perception.read(image, monotonicMs);
      },
      timers: this.#timers,
      monotonicMs: () => performance.now(),
      frameRateHz,
      onReading: (reading) => {
        if (this.#black.update(reading.readings, reading.at.monotonicMs)) void camera.restart();
        onReading(reading);
      },
    });
  }

  stopReading(): void {
    this.#loop?.stop();
    this.#loop = null;
  }

  /** For the calibration: reads the eyes in every image, and nothing but the face. */
  async readGazeOnly(gazeOnly: boolean): Promise<void> {
    await this.#perception?.readGazeOnly(gazeOnly);
  }

  /** @param budget share of one core. */
  async setBudget(budget: number): Promise<void> {
    await this.#perception?.setBudget(budget);
  }

  close(): void {
    this.#isClosed = true;
    this.closeCamera();
    this.#perception?.close();
  }

  #createPerception(): Perception {
    const { modelsUrl, backend, models, maxFaces, budget, frameRateHz } = this.#options;
    const { onCapability, onError } = this.#listeners;
    const perception = createPerception(
      { modelsUrl, backend, maxFaces, budget, frameRateHz, ...(models === undefined ? {} : { models }) },
      { after: (delayMs, run) => this.#timers.after(delayMs, run) },
    );
    perception.on('gap', ({ reason, fromMs, toMs }) => {
      const detail = `${reason} for ${Math.round(toMs - fromMs)} ms`;
      onError(new ProctorError('engine_restarted', { recoverable: true, detail }));
    });
    perception.on('error', ({ error, fatal }) => {
      const detail = error.message;
      onError(new ProctorError('engine_unavailable', { cause: error, recoverable: !fatal, detail }));
    });
    perception.on('capability', onCapability);
    return perception;
  }
}
