import { ProctorError } from '../errors/proctor-error.ts';
import type { CameraState } from './camera-state.ts';
import type { Timers } from '../timing/timers.ts';
import type { CameraFrame, FrameSource } from './frame-source.ts';
import { openCamera } from './open-camera.ts';
import type { CameraRequest } from './open-camera.ts';
import { TrackFrameSource } from './track-frame-source.ts';
import { VideoFrameSource } from './video-frame-source.ts';

export interface CameraOptions {
  timers: Timers;
  video: HTMLVideoElement | null;
  onState(state: CameraState): void;
  onError(error: ProctorError): void;
}

const firstFrameTimeoutMs = 15_000;
const watchPeriodMs = 500;
/** A track that is live but brings no pictures for so long is taken for lost (a covered switch, a stalled driver). */
const stallMs = 3000;
/**
 * Besides at each change of the device list, reopening is tried so often. A track that is live and stays stalled (after sleep, a
 * driver that stands still) is let go for it.
 */
const reopenPeriodMs = 3000;

/** The student's camera: open from `open` to `close`, or lost in between and taken up again when it is back. */
export class Camera {
  readonly #wish: CameraRequest;
  readonly #parts: CameraOptions;
  #state: CameraState = { state: 'starting' };
  #deviceCount: number | null = null;
  #stream: MediaStream | null = null;
  #source: FrameSource | null = null;
  #reopening = false;
  #closed = false;
  #lastTryMs = 0;
  readonly #stopWatching: () => void;
  readonly #listeners = new AbortController();

  private constructor(wish: CameraRequest, parts: CameraOptions) {
    this.#wish = wish;
    this.#parts = parts;
    this.#stopWatching = parts.timers.every(watchPeriodMs, () => this.#watch());
    const again = (): void => {
      void this.#reopen();
      void this.#countDevices();
    };
    (navigator as Partial<Navigator>).mediaDevices?.addEventListener('devicechange', again, {
      signal: this.#listeners.signal,
    });
  }

  /** Resolves when the first picture is there. Rejects with a ProctorError, and then holds nothing. */
  static async open(wish: CameraRequest, parts: CameraOptions): Promise<Camera> {
    const camera = new Camera(wish, parts);
    try {
      await camera.#attach();
      await camera.#firstFrame();
      return camera;
    } catch (error) {
      camera.close();
      throw error;
    }
  }

  get state(): CameraState {
    return this.#state;
  }

  /** Cameras that the browser lists; null before it said. */
  get deviceCount(): number | null {
    return this.#deviceCount;
  }

  /** The newest picture that was not taken yet. */
  async take(): Promise<CameraFrame | null> {
    return (await this.#source?.take()) ?? null;
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
    this.#listeners.abort();
    this.#detach();
  }

  async #attach(): Promise<void> {
    const stream = await openCamera(this.#wish);
    const [track] = stream.getVideoTracks();
    if (this.#closed || track === undefined) {
      for (const unused of stream.getTracks()) unused.stop();
      throw new ProctorError('camera_failed', { detail: 'no video track' });
    }
    this.#stream = stream;
    void this.#countDevices();
    this.#source = TrackFrameSource.isSupported() ? new TrackFrameSource(track) : new VideoFrameSource(stream);
    const lose = (): void => {
      if (this.#stream === stream) this.#lose();
    };
    track.addEventListener('ended', lose, { signal: this.#listeners.signal });
    const { video } = this.#parts;
    if (video === null) return;
    video.srcObject = stream;
    video.muted = true;
    video.play().catch(() => {
      // The preview is for looking at; a page that hides or removes it loses nothing.
    });
  }

  async #countDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => null);
    this.#deviceCount = devices?.filter(({ kind }) => kind === 'videoinput').length ?? null;
  }

  async #firstFrame(): Promise<void> {
    const { timers } = this.#parts;
    await new Promise<void>((resolve, reject) => {
      const cancels = [
        timers.every(20, () => {
          if ((this.#source?.lastArrivalMs ?? null) === null) return;
          for (const cancel of cancels) cancel();
          resolve();
        }),
        timers.after(firstFrameTimeoutMs, () => {
          for (const cancel of cancels) cancel();
          reject(new ProctorError('camera_failed', { detail: 'the camera is open but brings no picture' }));
        }),
      ];
    });
    this.#setOn();
  }

  #setOn(): void {
    const track = this.#stream?.getVideoTracks()[0];
    const settings = track?.getSettings();
    this.#setState({
      state: 'on',
      label: track?.label ?? '',
      widthPx: settings?.width ?? this.#wish.widthPx,
      heightPx: settings?.height ?? this.#wish.heightPx,
      frameRateHz: settings?.frameRate ?? null,
    });
  }

  #setState(state: CameraState): void {
    this.#state = state;
    this.#parts.onState(state);
  }

  #watch(): void {
    const arrivalMs = this.#source?.lastArrivalMs ?? null;
    const stalled = arrivalMs === null || performance.now() - arrivalMs > stallMs;
    if (this.#state.state === 'on' && stalled) {
      this.#lastTryMs = performance.now();
      this.#setLost();
    } else if (this.#state.state === 'lost' && !stalled) this.#setOn();
    else if (this.#state.state === 'lost' && !this.#reopening) {
      // Give a new track time to deliver its first image.
      const patienceMs = this.#stream !== null && arrivalMs === null ? firstFrameTimeoutMs : reopenPeriodMs;
      if (performance.now() - this.#lastTryMs <= patienceMs) return;
      this.#detach();
      void this.#reopen();
    }
  }

  #setLost(): void {
    this.#setState({ state: 'lost', sinceMs: this.#parts.timers.nowMs() });
    this.#parts.onError(new ProctorError('camera_lost', { recoverable: true }));
  }

  /** The device itself is gone. */
  #lose(): void {
    if (this.#closed) return;
    this.#detach();
    this.#lastTryMs = performance.now();
    if (this.#state.state !== 'lost') this.#setLost();
  }

  async #reopen(): Promise<void> {
    if (this.#closed || this.#reopening || this.#stream !== null || this.#state.state !== 'lost') return;
    this.#reopening = true;
    this.#lastTryMs = performance.now();
    try {
      await this.#attach();
    } catch {
      // Not back yet. The page was told that the camera is lost; the next try follows.
    } finally {
      this.#lastTryMs = performance.now();
      this.#reopening = false;
    }
  }

  #detach(): void {
    this.#source?.close();
    this.#source = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    if (this.#parts.video !== null) this.#parts.video.srcObject = null;
  }
}
