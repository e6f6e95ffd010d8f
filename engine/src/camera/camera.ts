import { ProctorError } from '../errors/proctor-error.ts';
import type { ProctorFailure } from '../errors/proctor-error.ts';
import type { Timers } from '../timing/timers.ts';
import { watchCameraPermission } from './camera-permission.ts';
import type { CameraLostCause, CameraState, CameraWait } from './camera-state.ts';
import { firstFrame, firstFrameTimeoutMs } from './first-frame.ts';
import type { CameraFrame, FrameSource } from './frame-source.ts';
import { openCamera } from './open-camera.ts';
import type { CameraRequest } from './open-camera.ts';
import { TrackFrameSource } from './track-frame-source.ts';
import { VideoFrameSource } from './video-frame-source.ts';

export interface CameraOptions {
  timers: Timers;
  video: HTMLVideoElement | null;
  /** Aborting before the camera is open stops opening. */
  signal?: AbortSignal;
  onState(state: CameraState): void;
  /** What opening the camera is waiting for; null once it continues. */
  onWaiting?: (wait: CameraWait | null) => void;
  onError(error: ProctorError): void;
}

const watchPeriodMs = 500;
/** A live track without an image for this long counts as lost (a privacy switch, a stalled driver). */
const stallMs = 3000;
/** How often a lost camera is reopened, in addition to each change of the device list. */
const reopenPeriodMs = 3000;
/** A muted track recovers by itself, except after some driver failures. */
const mutedPatienceMs = 120_000;

const failureByCause: Record<CameraLostCause, ProctorFailure> = {
  disconnected: 'camera_lost',
  blocked: 'camera_blocked',
  stalled: 'camera_lost',
  muted: 'camera_muted',
  needs_touch: 'camera_needs_touch',
};

const blockedReasons: ReadonlySet<ProctorFailure> = new Set([
  'camera_denied',
  'camera_dismissed',
  'camera_denied_by_system',
]);

/** The student's camera: open from `open` to `close`, or lost in between and reopened when it is available again. */
export class Camera {
  #request: CameraRequest;
  readonly #options: CameraOptions;
  #state: CameraState = { state: 'starting' };
  #stream: MediaStream | null = null;
  #source: FrameSource | null = null;
  #isReopening = false;
  #lastChoice: Promise<unknown> = Promise.resolve();
  #isBlocked = false;
  #attachedMs = -Infinity;
  #lastTryMs = 0;
  readonly #stopWatching: () => void;
  readonly #closed = new AbortController();

  private constructor(request: CameraRequest, options: CameraOptions) {
    this.#request = request;
    this.#options = options;
    this.#stopWatching = options.timers.every(watchPeriodMs, () => this.#watch());
    const onChange = (): void => void this.#reopen();
    const { signal } = this.#closed;
    (navigator as Partial<Navigator>).mediaDevices?.addEventListener?.('devicechange', onChange, { signal });
    void watchCameraPermission((permission) => this.#permissionChanged(permission), signal);
    options.signal?.addEventListener('abort', () => this.close(), { signal });
  }

  /** Resolves with the first image. Rejects with a ProctorError after releasing the camera. */
  static async open(request: CameraRequest, options: CameraOptions): Promise<Camera> {
    const camera = new Camera(request, options);
    try {
      await camera.#attach(options.onWaiting);
      await firstFrame(() => camera.#source, { ...options, signal: camera.#closed.signal });
      camera.#setOn();
      return camera;
    } catch (error) {
      camera.close();
      throw error;
    }
  }

  get state(): CameraState {
    return this.#state;
  }

  /** The open device; null while there is none. */
  get deviceId(): string | null {
    return this.#track?.getSettings().deviceId ?? null;
  }

  /** The newest image that was not taken yet; null while the camera is lost. */
  async take(): Promise<CameraFrame | null> {
    if (this.#state.state === 'lost') this.#watch();
    if (this.#state.state === 'on') return (await this.#source?.take()) ?? null;
    this.#source?.look();
    return null;
  }

  /** Opens the device again although its track is live, because its images are useless. It still counts as on. */
  async restart(): Promise<void> {
    if (this.#state.state !== 'on' || this.#isReopening) return;
    this.#detach();
    await this.#attachAgain();
    if (this.#stream === null) this.#disconnected();
  }

  /**
   * Switches to another device. The current one is closed first, because some devices open only one at a time. Rejects with a
   * ProctorError if the other one does not open, and then the current one is opened again. A choice made meanwhile follows.
   */
  choose(choice: Pick<CameraRequest, 'deviceId' | 'label'>): Promise<void> {
    const chosen = this.#lastChoice.then(() => this.#switchTo(choice));
    this.#lastChoice = chosen.catch(() => undefined);
    return chosen;
  }

  async #switchTo(choice: Pick<CameraRequest, 'deviceId' | 'label'>): Promise<void> {
    if (this.#isReopening) throw new ProctorError('wrong_state', { detail: 'the camera is being opened' });
    if (this.#closed.signal.aborted) throw new ProctorError('camera_failed', { detail: 'the camera was closed' });
    const earlier = this.#request;
    this.#request = { ...earlier, ...choice };
    this.#detach();
    this.#isReopening = true;
    try {
      await this.#attach(undefined);
      await firstFrame(() => this.#source, { timers: this.#options.timers, signal: this.#closed.signal });
      this.#setOn();
    } catch (error) {
      this.#detach();
      this.#request = earlier;
      if (!this.#closed.signal.aborted) await this.#attach(undefined).catch(() => undefined);
      throw error;
    } finally {
      this.#lastTryMs = performance.now();
      this.#isReopening = false;
      if (this.#stream === null) this.#disconnected();
    }
  }

  close(): void {
    this.#closed.abort();
    this.#stopWatching();
    this.#detach();
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getVideoTracks()[0];
  }

  async #attach(onWaiting: CameraOptions['onWaiting']): Promise<void> {
    const { signal } = this.#closed;
    const stream = await openCamera(this.#request, { signal, ...(onWaiting === undefined ? {} : { onWaiting }) });
    const [track] = stream.getVideoTracks();
    if (signal.aborted || track === undefined) {
      for (const unused of stream.getTracks()) unused.stop();
      throw new ProctorError('camera_failed', { detail: 'no video track' });
    }
    this.#stream = stream;
    this.#isBlocked = false;
    this.#attachedMs = performance.now();
    this.#remember(track);
    this.#source = TrackFrameSource.isSupported() ? new TrackFrameSource(track) : new VideoFrameSource(stream);
    const onEnded = (): void => {
      if (this.#stream === stream) this.#disconnected();
    };
    track.addEventListener('ended', onEnded, { signal });
    const { video } = this.#options;
    if (video === null) return;
    video.srcObject = stream;
    video.muted = true;
    video.play().catch(() => {
      // The preview is for display only; nothing else depends on it.
    });
  }

  /** A chosen camera is found again by its name if its id has changed. */
  #remember(track: MediaStreamTrack): void {
    if (this.#request.deviceId === null) return;
    const deviceId = track.getSettings().deviceId ?? this.#request.deviceId;
    this.#request = { ...this.#request, deviceId, label: track.label };
  }

  #setOn(): void {
    const settings = this.#track?.getSettings();
    this.#setState({
      state: 'on',
      label: this.#track?.label ?? '',
      widthPx: settings?.width ?? this.#request.widthPx,
      heightPx: settings?.height ?? this.#request.heightPx,
      frameRateHz: settings?.frameRate ?? null,
    });
  }

  #setState(state: CameraState): void {
    this.#state = state;
    this.#options.onState(state);
  }

  #watch(): void {
    if (this.#state.state === 'starting' || (this.#state.state === 'on' && this.#isReopening)) return;
    const arrivalMs = this.#source?.lastArrivalMs ?? null;
    const silentMs = performance.now() - (arrivalMs ?? (this.#state.state === 'on' ? this.#attachedMs : -Infinity));
    const isStalled = silentMs > stallMs;
    if (silentMs > watchPeriodMs) this.#source?.look();
    if (!isStalled) {
      if (this.#state.state === 'lost') this.#setOn();
      return;
    }
    const cause = this.#cause();
    if (this.#state.state === 'on') this.#lastTryMs = performance.now();
    if (this.#state.state === 'on' || this.#state.cause !== cause) this.#setLost(cause);
    if (this.#isReopening || performance.now() - this.#lastTryMs <= this.#patienceMs(cause, arrivalMs)) return;
    this.#detach();
    void this.#reopen();
  }

  #cause(): CameraLostCause {
    if (this.#source?.needsTouch === true) return 'needs_touch';
    if (this.#track === undefined) return this.#isBlocked ? 'blocked' : 'disconnected';
    return this.#track.muted ? 'muted' : 'stalled';
  }

  #patienceMs(cause: CameraLostCause, arrivalMs: number | null): number {
    if (cause === 'needs_touch') return Infinity;
    if (cause === 'muted') return mutedPatienceMs;
    // A track that was just opened needs time for its first image.
    return this.#stream !== null && arrivalMs === null ? firstFrameTimeoutMs : reopenPeriodMs;
  }

  #setLost(cause: CameraLostCause): void {
    this.#source?.release();
    const sinceMs = this.#state.state === 'lost' ? this.#state.sinceMs : this.#options.timers.nowMs();
    this.#setState({ state: 'lost', sinceMs, cause });
    this.#options.onError(new ProctorError(failureByCause[cause], { recoverable: true }));
  }

  /** A browser may block the camera before or after it ends the track, or leave the track as it is. */
  #permissionChanged(permission: PermissionState): void {
    this.#isBlocked = permission === 'denied';
    if (this.#track?.readyState === 'ended') this.#disconnected();
    else if (this.#stream !== null || this.#state.state !== 'lost') return;
    else if (this.#isBlocked) this.#disconnected();
    else void this.#reopen();
  }

  #disconnected(): void {
    if (this.#closed.signal.aborted) return;
    this.#detach();
    this.#lastTryMs = performance.now();
    const cause = this.#cause();
    if (this.#state.state !== 'lost' || this.#state.cause !== cause) this.#setLost(cause);
  }

  async #reopen(): Promise<void> {
    if (this.#closed.signal.aborted || this.#isReopening) return;
    if (this.#stream !== null || this.#state.state !== 'lost') return;
    await this.#attachAgain();
  }

  async #attachAgain(): Promise<void> {
    this.#isReopening = true;
    // Still unavailable: the page knows that the camera is lost, and another attempt follows.
    await this.#attach(undefined).catch((error: unknown) => {
      this.#isBlocked = error instanceof ProctorError && blockedReasons.has(error.reason);
    });
    this.#lastTryMs = performance.now();
    this.#isReopening = false;
  }

  #detach(): void {
    this.#source?.close();
    this.#source = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    if (this.#options.video !== null) this.#options.video.srcObject = null;
  }
}
