import type { CalibrateOptions } from '../calibration/calibrate.ts';
import type { CalibrationState } from '../calibration/calibration-state.ts';
import { SessionGaze } from '../calibration/session-gaze.ts';
import type { Cameras } from '../camera/camera-list.ts';
import type { Delivery } from '../connection/delivery.ts';
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
import { GuidanceInbox } from './guidance-inbox.ts';
import type { Guidance } from './guidance.ts';
import { lackOf } from './missing-part.ts';
import type { MissingPart } from './missing-part.ts';
import { observerListeners } from './observer-listeners.ts';
import { Observer } from './observer.ts';
import { loadAndTryCamera, openSession } from './open-session.ts';
import type { ResolvedOptions } from './options.ts';
import type { Proctor, ProctorEvents, StartOptions } from './proctor.ts';
import { createResumption } from './resumption.ts';
import { RetryableOnce } from './retryable-once.ts';
import { RunningSession } from './running-session.ts';
import { SessionCheck } from './session-check.ts';
import type { ClosedReason, ProctorState } from './state.ts';

/** One session in this page: its life from loading the models to the last delivery. */
export class ProctorSession implements Proctor {
  readonly #options: ResolvedOptions;
  readonly #events = new Emitter<ProctorEvents>();
  readonly #timers: Timers = createWorkerTimers();
  readonly #attempts = new AttemptQueue();
  readonly #observer: Observer;
  readonly #gaze: SessionGaze;
  readonly #check: SessionCheck;
  #state: ProctorState = { state: 'idle' };
  #delivery: Delivery | null = null;
  #lastDelivery: DeliveryState = notDelivering;
  #running: RunningSession | null = null;
  readonly #inbox = new GuidanceInbox({
    beginBreak: () => this.pause(),
    endBreak: async () => (this.#running?.isOnBreak === true ? this.resume() : undefined),
    onGuidance: (guidance) => this.#events.emit('guidance', guidance),
  });
  readonly #resume = createResumption({
    state: () => this.#state,
    setState: (state) => this.#setState(state),
    load: () => this.#observer.load(),
    openCamera: () => this.#openCamera(),
    closeCamera: () => this.#observer.closeCamera(),
    camera: () => this.#observer.camera,
    onError: (error) => this.#events.emit('error', error),
  });
  readonly #preparing = new RetryableOnce(() => this.#prepare());
  readonly #starting = new RetryableOnce(() => this.#attempt(() => this.#begin(), true));
  #without: MissingPart | null = null;
  #stopping: Promise<StopResult> | null = null;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#gaze = new SessionGaze({
      sessionId: options.sessionId,
      examArea: options.examArea,
      nowMs: () => this.#timers.nowMs(),
      onState: (state) => this.#events.emit('calibration', state),
    });
    this.#observer = new Observer(
      options,
      this.#timers,
      observerListeners({
        events: this.#events,
        state: () => this.#state,
        setState: (state) => this.#setState(state),
        running: () => this.#running,
        onFatal: () => this.#loseAnalysis(),
      }),
    );
    this.#check = new SessionCheck({
      observer: this.#observer,
      gaze: this.#gaze,
      events: this.#events,
      frameRateHz: options.frameRateHz,
      setState: (state) => this.#setState(state),
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
    return this.#inbox.guidance;
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
      this.#check.preview(engine);
    });
  }

  async calibrate(container: Element, options: CalibrateOptions = {}): Promise<CalibrationState> {
    await this.#attempt(async () => {
      const engine = await this.#loadBeforeRecording();
      await this.#openCamera();
      await this.#check.calibrate(engine, container, options, () => this.#stopping === null);
    });
    return this.#gaze.state;
  }

  start({ without = null }: StartOptions = {}): Promise<void> {
    this.#without = without;
    return this.#starting.run();
  }

  pause(): void {
    if (this.#state.state !== 'running' || this.#running === null || this.#running.isOnBreak) return;
    this.#observer.closeCamera();
    this.#setState({ ...this.#state, camera: this.#observer.camera, breakSinceMs: this.#timers.nowMs() });
    this.#running.beginBreak();
  }

  resume(): Promise<void> {
    return this.#running === null ? Promise.resolve() : this.#resume(this.#running);
  }

  chooseCamera(deviceId: string): Promise<void> {
    return this.#observer.chooseCamera(deviceId);
  }

  stop(): Promise<StopResult> {
    return this.#finish('stopped');
  }

  /** The image analysis cannot be restarted: the session continues without it until the student has it tried again. */
  #loseAnalysis(): void {
    if (this.#state.state !== 'running') return;
    this.#observer.closeCamera();
    this.#running?.lose('image_analysis');
    this.#setState({ ...this.#state, engine: null, camera: this.#observer.camera, missing: 'image_analysis' });
  }

  async #attempt<T>(run: () => Promise<T>, isStart = false): Promise<T> {
    try {
      return await this.#attempts.run(() => {
        this.#assertOpen();
        return run();
      });
    } catch (cause) {
      const error = asProctorError(cause);
      if (this.#stopping === null && error.reason !== 'wrong_state') {
        const lack = isStart ? await lackOf(error.reason, this.#options) : null;
        this.#setState({ state: 'failed', error, ...(lack === null ? {} : { lack }) });
      }
      this.#events.emit('error', error);
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#stopping !== null) throw new ProctorError('wrong_state', { detail: 'the proctor was stopped' });
  }

  async #loadBeforeRecording(): Promise<EngineFacts> {
    const engine = await loadAndTryCamera(() => this.#preparing.run(), this.#observer);
    if (this.#state.state !== 'running') return engine;
    throw new ProctorError('wrong_state', { detail: 'the session is recording' });
  }

  async #prepare(): Promise<EngineFacts> {
    this.#setState({ state: 'preparing', progress: { loadedBytes: 0, totalBytes: 0, step: 'starting' } });
    const engine = await this.#observer.load();
    this.#assertOpen();
    // It may have failed meanwhile, because the student denied the camera.
    if (this.#state.state === 'preparing') this.#setState({ state: 'ready', engine });
    this.#observer.announceWait();
    return engine;
  }

  async #begin(): Promise<void> {
    const { delivery, engine, missing } = await openSession({
      options: this.#options,
      timers: this.#timers,
      observer: this.#observer,
      listeners: {
        onState: (state) => this.#deliveryChanged(state),
        onError: (error) => this.#events.emit('error', error),
        onGuidance: (message) => this.#inbox.take(message),
        onPictures: (request) => this.#running?.requestThumbnails(request),
      },
      load: () => this.#preparing.run(),
      openCamera: () => this.#openCamera(),
      without: this.#without,
    }).catch((error: unknown) => {
      this.#lastDelivery = notDelivering;
      throw error;
    });
    if (this.#stopping !== null) await delivery.close();
    this.#assertOpen();
    this.#delivery = delivery;
    this.#running = new RunningSession({
      options: this.#options,
      timers: this.#timers,
      observer: this.#observer,
      gaze: this.#gaze,
      delivery,
      events: this.#events,
      missing,
    });
    const sinceMs = this.#timers.nowMs();
    this.#setState({ state: 'running', engine, sinceMs, camera: this.#observer.camera, breakSinceMs: null, missing });
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
