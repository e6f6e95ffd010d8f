import { BlackFeed } from '../camera/black-feed.ts';
import { Camera } from '../camera/camera.ts';
import { CameraList } from '../camera/camera-list.ts';
import type { Cameras } from '../camera/camera-list.ts';
import type { CameraState, CameraWait } from '../camera/camera-state.ts';
import { chosenCamera } from '../camera/chosen-camera.ts';
import type { ChosenCamera } from '../camera/chosen-camera.ts';
import { EarlyCamera } from '../camera/early-camera.ts';
import type { CameraRequest } from '../camera/open-camera.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';
import type { Timers } from '../timing/timers.ts';
import { createPerception } from '../worker/perception-client.ts';
import { PerceptionError } from '../worker/perception-error.ts';
import type { PerceptionFailure } from '../worker/perception-error.ts';
import type { EngineFacts, LoadProgress, Perception, PerceptionEvents } from '../worker/perception.ts';
import { FrameLoop } from './frame-loop.ts';
import type { LoopReading } from './frame-loop.ts';
import type { ResolvedOptions } from './options.ts';

export interface ObserverListeners {
  onProgress: (progress: LoadProgress) => void;
  onCapability: (change: PerceptionEvents['capability']) => void;
  onCamera: (state: CameraState) => void;
  /** The list of cameras, or the one in use, has changed. */
  onCameras: (cameras: Cameras) => void;
  /** What opening the camera is waiting for; null once it continues. */
  onCameraWaiting: (wait: CameraWait | null) => void;
  onError: (error: ProctorError) => void;
  /** Each camera image before it is read. The listener must copy what it wants to keep. */
  onImage: (image: ImageBitmap | VideoFrame) => void;
}

const failureByReason: Partial<Record<PerceptionFailure, ProctorFailure>> = {
  file_damaged: 'engine_file_damaged',
  file_unreachable: 'engine_file_unreachable',
  out_of_memory: 'engine_out_of_memory',
  no_wasm: 'engine_unsupported',
  wasm_forbidden: 'engine_forbidden_by_page',
};

const failureOf = (error: Error): ProctorFailure =>
  (error instanceof PerceptionError ? failureByReason[error.reason] : undefined) ?? 'engine_unavailable';

/** Names the cause of a failed start as far as it is known. */
const loadError = (error: unknown): unknown =>
  error instanceof PerceptionError
    ? new ProctorError(failureOf(error), { cause: error, detail: error.message })
    : error;

/** The chosen camera is not connected. */
const absent: ReadonlySet<ProctorFailure> = new Set(['camera_overconstrained', 'camera_none']);

/** Camera and worker of one session, and the loop that passes images from one to the other. */
export class Observer {
  readonly #options: ResolvedOptions;
  readonly #timers: Timers;
  readonly #listeners: ObserverListeners;
  #perception: Perception | null = null;
  #camera: Camera | null = null;
  readonly #list: CameraList;
  /** The student's choice on this page. */
  #choice: ChosenCamera | null = null;
  #opening = new AbortController();
  readonly #early: EarlyCamera;
  #loop: FrameLoop | null = null;
  readonly #black = new BlackFeed();
  #isClosed = false;

  constructor(options: ResolvedOptions, timers: Timers, listeners: ObserverListeners) {
    this.#options = options;
    this.#timers = timers;
    this.#listeners = listeners;
    this.#list = new CameraList(listeners.onCameras);
    this.#early = new EarlyCamera(listeners.onCameraWaiting);
  }

  get camera(): CameraState {
    return this.#camera?.state ?? { state: 'starting' };
  }

  /** Video inputs that the browser lists; null if it does not list them. */
  get deviceCount(): number | null {
    return this.#list.count;
  }

  get cameras(): Cameras {
    return this.#list.cameras;
  }

  get isReading(): boolean {
    return this.#loop !== null;
  }

  /** Starts the worker and loads its models, in place of those that were loaded. After a failure it can be called again. */
  async load(): Promise<EngineFacts> {
    this.#perception?.close();
    const perception = this.#createPerception();
    this.#perception = perception;
    try {
      return await perception.load(this.#listeners.onProgress);
    } catch (error) {
      perception.close();
      this.#perception = null;
      throw loadError(error);
    }
  }

  /** Opens the camera for a first look while the models load, so that a problem with it shows at once. Rejects like `openCamera`. */
  async tryCamera(): Promise<void> {
    if (this.#camera !== null || this.#isClosed) return;
    const { cameraWidthPx: widthPx, cameraHeightPx: heightPx } = this.#options;
    await this.#withPreferred((choice) => this.#early.open({ ...choice, widthPx, heightPx }));
  }

  /** The camera is not needed after all: closes what `tryCamera` opened, or still opens. */
  cancelEarlyCamera(): void {
    this.#early.cancel();
  }

  /** Repeats what `tryCamera` waits for, now that the models are loaded. */
  announceWait(): void {
    this.#early.announceWait();
  }

  async openCamera(): Promise<void> {
    if (this.#camera !== null) return;
    this.#opening = new AbortController();
    try {
      this.#camera = await this.#withPreferred((choice) => this.#open(choice));
    } finally {
      this.#early.release();
      void this.#list.read(this.#camera?.deviceId ?? null);
    }
    if (this.#isClosed) this.closeCamera();
  }

  /** Uses this camera from now on, and on the next pages. Rejects, and keeps the current one, if it does not open. */
  async chooseCamera(deviceId: string): Promise<void> {
    const choice = {
      deviceId,
      label: this.cameras.choices?.find((camera) => camera.deviceId === deviceId)?.label ?? '',
    };
    if (this.#camera !== null) await this.#camera.choose(choice);
    this.#choice = choice;
    chosenCamera.set(choice);
  }

  closeCamera(): void {
    this.stopReading();
    this.#opening.abort();
    this.#camera?.close();
    this.#camera = null;
    void this.#list.read(null);
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
    this.#list.close();
    this.#early.cancel();
    this.closeCamera();
    this.#perception?.close();
  }

  /** The camera chosen on an earlier page may no longer be connected; then the browser's default is used. */
  async #withPreferred<T>(open: (choice: Pick<CameraRequest, 'deviceId' | 'label'>) => Promise<T>): Promise<T> {
    const { deviceId } = this.#options;
    if (this.#choice !== null) return open(this.#choice);
    if (deviceId !== undefined) return open({ deviceId });
    const remembered = chosenCamera.get();
    if (remembered === null) return open({ deviceId: null });
    return open(remembered).catch((error: unknown) => {
      const isAbsent = error instanceof ProctorError && absent.has(error.reason);
      if (!isAbsent) throw error;
      return open({ deviceId: null });
    });
  }

  #open(choice: Pick<CameraRequest, 'deviceId' | 'label'>): Promise<Camera> {
    const { cameraWidthPx, cameraHeightPx, video = null } = this.#options;
    const { onCamera, onCameraWaiting, onError } = this.#listeners;
    return Camera.open(
      { ...choice, widthPx: cameraWidthPx, heightPx: cameraHeightPx },
      {
        timers: this.#timers,
        video,
        signal: this.#opening.signal,
        onState: (state) => {
          if (state.state === 'on') void this.#list.read(this.#camera?.deviceId ?? null);
          onCamera(state);
        },
        onWaiting: onCameraWaiting,
        onError,
      },
    );
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
      onError(new ProctorError(failureOf(error), { cause: error, recoverable: !fatal, detail }));
    });
    perception.on('capability', onCapability);
    return perception;
  }
}
