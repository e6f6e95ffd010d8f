import type { GuidanceMessage } from '@invigil/protocol/channels';
import type { CalibrateOptions } from '../calibration/calibrate.ts';
import type { CalibrationState } from '../calibration/calibration-state.ts';
import { calibrationRateHz, SessionGaze } from '../calibration/session-gaze.ts';
import type { Cameras } from '../camera/camera-list.ts';
import { Delivery } from '../connection/delivery.ts';
import { notDelivering } from '../connection/delivery-state.ts';
import type { DeliveryState } from '../connection/delivery-state.ts';
import { nothingRecorded } from '../connection/stop-result.ts';
import type { StopResult } from '../connection/stop-result.ts';
import { ProctorError, asProctorError } from '../errors/proctor-error.ts';
import { noThumbnails } from '../thumbnails/thumbnail-state.ts';
import type { PictureState } from '../thumbnails/thumbnail-state.ts';
import type { Timers } from '../timing/timers.ts';
import { createWorkerTimers } from '../timing/worker-timers.ts';
import type { EngineFacts } from '../worker/perception.ts';
import { AttemptQueue } from './attempt-queue.ts';
import { Emitter } from './emitter.ts';
import type { LoopReading } from './frame-loop.ts';
import { noGuidance, stepGuidance } from './guidance.ts';
import type { Guidance } from './guidance.ts';
import { Observer } from './observer.ts';
import type { ResolvedOptions } from './options.ts';
import { previewReading } from './preview-reading.ts';
import type { Proctor, ProctorEvents } from './proctor.ts';
import { RetryableOnce } from './retryable-once.ts';
import { RunningSession } from './running-session.ts';
import { withCamera, withCameraWait, withCapability } from './state.ts';
import type { ClosedReason, ProctorState } from './state.ts';

/** One session in this page: its life from loading the models to the last delivery. */
export class ProctorSession implements Proctor {
  readonly #options: ResolvedOptions;
  readonly #events = new Emitter<ProctorEvents>();
  readonly #timers: Timers = createWorkerTimers();
  readonly #attempts = new AttemptQueue();
  readonly #observer: Observer;
  readonly #gaze: SessionGaze;
  #state: ProctorState = { state: 'idle' };
  #delivery: Delivery | null = null;
  #lastDelivery: DeliveryState = notDelivering;
  #running: RunningSession | null = null;
  #guidance = noGuidance;
  readonly #preparing = new RetryableOnce(() => this.#prepare());
  readonly #starting = new RetryableOnce(() => this.#attempt(() => this.#begin()));
  #resuming: Promise<void> | null = null;
  #stopping: Promise<StopResult> | null = null;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#gaze = new SessionGaze({
      sessionId: options.sessionId,
      examArea: options.examArea,
      nowMs: () => this.#timers.nowMs(),
      onState: (state) => this.#events.emit('calibration', state),
    });
    this.#observer = new Observer(options, this.#timers, {
      onProgress: (progress) => {
        if (this.#state.state === 'preparing') this.#setState({ state: 'preparing', progress });
      },
      onCapability: (change) => this.#setState(withCapability(this.#state, change)),
      onCameraWaiting: (wait) => this.#setState(withCameraWait(this.#state, wait)),
      onCamera: (camera) => this.#setState(withCamera(this.#state, camera)),
      onCameras: (cameras) => this.#events.emit('cameras', cameras),
      onError: (error) => this.#events.emit('error', error),
      onImage: (image) => this.#running?.offerImage(image),
    });
  }

  get state(): ProctorState {
    return this.#state;
  }

  get delivery(): DeliveryState {
    return this.#delivery?.state ?? this.#lastDelivery;
  }

  get calibration(): CalibrationState {
    return this.#gaze.state;
  }

  get guidance(): Guidance {
    return this.#guidance;
  }

  get cameras(): Cameras {
    return this.#observer.cameras;
  }

  get pictures(): PictureState {
    return this.#running?.pictures ?? noThumbnails;
  }

  on<E extends keyof ProctorEvents>(event: E, listener: (detail: ProctorEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async prepare(): Promise<void> {
    await this.#attempt(() => this.#preparing.run());
  }

  async check(): Promise<void> {
    await this.#attempt(async () => {
      const engine = await this.#loadBeforeRecording();
      if (this.#observer.isReading) return;
      await this.#openCamera();
      this.#preview(engine);
    });
  }

  async calibrate(container: Element, options: CalibrateOptions = {}): Promise<CalibrationState> {
    await this.#attempt(async () => {
      const engine = await this.#loadBeforeRecording();
      await this.#openCamera();
      await this.#observer.readGazeOnly(true);
      this.#setState({ state: 'calibrating', engine, camera: this.#observer.camera });
      this.#observer.read(calibrationRateHz, this.#showReading);
      try {
        await this.#gaze.calibrate(container, options);
      } finally {
        await this.#observer.readGazeOnly(false);
        if (this.#stopping === null) this.#preview(engine);
      }
    });
    return this.#gaze.state;
  }

  start(): Promise<void> {
    return this.#starting.run();
  }

  pause(): void {
    if (this.#state.state !== 'running' || this.#running === null || this.#running.isOnBreak) return;
    this.#observer.closeCamera();
    this.#setState({ ...this.#state, camera: this.#observer.camera, breakSinceMs: this.#timers.nowMs() });
    this.#running.beginBreak();
  }

  resume(): Promise<void> {
    if (this.#state.state !== 'running' || this.#running?.isOnBreak !== true) return Promise.resolve();
    this.#resuming ??= this.#endBreak(this.#running).finally(() => (this.#resuming = null));
    return this.#resuming;
  }

  chooseCamera(deviceId: string): Promise<void> {
    return this.#observer.chooseCamera(deviceId);
  }

  stop(): Promise<StopResult> {
    return this.#finish('stopped');
  }

  #preview(engine: EngineFacts): void {
    this.#setState({ state: 'checking', engine, camera: this.#observer.camera });
    this.#observer.read(this.#options.frameRateHz, this.#showReading);
  }

  readonly #showReading = (reading: LoopReading): void => {
    this.#events.emit('reading', previewReading(reading, this.#observer, this.#gaze));
  };

  async #endBreak(running: RunningSession): Promise<void> {
    await this.#openCamera().catch((cause: unknown) => {
      const error = asProctorError(cause);
      this.#events.emit('error', error);
      throw error;
    });
    if (this.#state.state !== 'running') return;
    const breakEnded = { ...this.#state, camera: this.#observer.camera, breakSinceMs: null };
    running.endBreak();
    this.#setState(breakEnded);
  }

  #guide(message: GuidanceMessage): void {
    if (message.type === 'break') {
      if (message.action === 'begin') this.pause();
      // A failure is reported by the error event, and the student can try again.
      else void this.resume().catch(() => undefined);
      return;
    }
    const guidance = stepGuidance(this.#guidance, message);
    if (guidance === this.#guidance) return;
    this.#guidance = guidance;
    this.#events.emit('guidance', guidance);
  }

  async #attempt<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await this.#attempts.run(() => {
        this.#assertOpen();
        return run();
      });
    } catch (cause) {
      const error = asProctorError(cause);
      if (this.#stopping === null && error.reason !== 'wrong_state') this.#setState({ state: 'failed', error });
      this.#events.emit('error', error);
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#stopping !== null) throw new ProctorError('wrong_state', { detail: 'the proctor was stopped' });
  }

  async #loadBeforeRecording(): Promise<EngineFacts> {
    const [engine] = await Promise.all([this.#preparing.run(), this.#observer.askPermission()]);
    if (this.#state.state !== 'running') return engine;
    throw new ProctorError('wrong_state', { detail: 'the session is recording' });
  }

  async #prepare(): Promise<EngineFacts> {
    this.#setState({ state: 'preparing', progress: { loadedBytes: 0, totalBytes: 0, step: 'starting' } });
    const engine = await this.#observer.load();
    this.#assertOpen();
    // It may have failed meanwhile, because the student denied the camera.
    if (this.#state.state === 'preparing') this.#setState({ state: 'ready', engine });
    return engine;
  }

  async #begin(): Promise<void> {
    const delivery = await Delivery.open(this.#options, this.#timers, {
      onState: (state) => this.#deliveryChanged(state),
      onError: (error) => this.#events.emit('error', error),
      onGuidance: (message) => this.#guide(message),
      onPictures: (request) => this.#running?.requestThumbnails(request),
    });
    try {
      const [engine] = await Promise.all([this.#preparing.run(), this.#observer.askPermission()]);
      if (!this.#options.keepCamera) this.#observer.closeCamera();
      this.#observer.stopReading();
      await this.#openCamera();
      this.#delivery = delivery;
      this.#running = new RunningSession({
        options: this.#options,
        timers: this.#timers,
        observer: this.#observer,
        gaze: this.#gaze,
        delivery,
        events: this.#events,
      });
      const sinceMs = this.#timers.nowMs();
      this.#setState({ state: 'running', engine, sinceMs, camera: this.#observer.camera, breakSinceMs: null });
    } catch (error) {
      this.#observer.closeCamera();
      await delivery.close();
      this.#delivery = null;
      this.#lastDelivery = notDelivering;
      throw error;
    }
  }

  async #openCamera(): Promise<void> {
    await this.#observer.openCamera();
    this.#assertOpen();
  }

  #deliveryChanged(state: DeliveryState): void {
    this.#lastDelivery = state;
    this.#events.emit('delivery', state);
    if (state.state !== 'ended' || this.#stopping !== null || this.#state.state !== 'running') return;
    if (state.reason === 'session_ended') void this.#finish('session_ended');
    if (state.reason === 'replaced') void this.#giveWay();
    if (state.reason === 'refused') this.#events.emit('error', new ProctorError('session_refused'));
  }

  /** Another client has the session. Nothing is recorded here until `start` is called again. */
  async #giveWay(): Promise<void> {
    const error = new ProctorError('session_replaced');
    this.#running?.close(false);
    this.#running = null;
    this.#observer.closeCamera();
    this.#starting.reset();
    this.#setState({ state: 'failed', error });
    this.#events.emit('error', error);
    await this.#delivery?.close();
  }

  #finish(reason: ClosedReason): Promise<StopResult> {
    return (this.#stopping ??= this.#close(reason));
  }

  async #close(reason: ClosedReason): Promise<StopResult> {
    const isSessionOver = reason === 'session_ended';
    this.#setState({ state: 'ending', reason });
    this.#gaze.close(isSessionOver);
    this.#observer.close();
    this.#running?.close(isSessionOver);
    const result = (await this.#delivery?.drain(this.#options.drainTimeoutMs, this.#timers.nowMs())) ?? nothingRecorded;
    // An attempt in progress still needs the timers in order to end.
    void this.#attempts.settled.then(() => this.#timers.close());
    this.#setState({ state: 'closed', reason, result });
    return result;
  }

  #setState(state: ProctorState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }
}
