import type { Features } from '@invigil/protocol/frame';
import type { GuidanceMessage, Violation } from '@invigil/protocol/channels';
import type { CalibrateOptions } from '../calibration/calibrate.ts';
import type { CalibrationState } from '../calibration/calibration-state.ts';
import { CALIBRATION_RATE_HZ, SessionGaze } from '../calibration/session-gaze.ts';
import { Delivery, notDelivering } from '../connection/delivery.ts';
import type { DeliveryState } from '../connection/delivery-state.ts';
import { Emitter } from './emitter.ts';
import { noGuidance, stepGuidance } from './guidance.ts';
import type { Guidance } from './guidance.ts';
import type { Moment } from './frame-loop.ts';
import { PageSignals } from '../page-signals/page-signals.ts';
import { pageHidden } from '../page-signals/page-visibility.ts';
import { Observer } from './observer.ts';
import { noThumbnails } from '../thumbnails/thumbnail-state.ts';
import type { PictureState } from '../thumbnails/thumbnail-state.ts';
import { SessionThumbnails } from '../thumbnails/session-thumbnails.ts';
import { PowerHints, unlimited } from '../power/power-hints.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import { resolveOptions } from './options.ts';
import type { ProctorOptions, ResolvedOptions } from './options.ts';
import type { CameraState } from '../camera/camera-state.ts';
import type { StopResult } from '../connection/stop-result.ts';
import type { ClosedReason, ProctorState } from './state.ts';
import type { Proctor, ProctorEvents } from './proctor.ts';
import { Recording } from './recording.ts';
import type { Timers } from '../timing/timers.ts';
import { createWorkerTimers } from '../timing/worker-timers.ts';
import type { EngineFacts } from '../worker/perception.ts';

const asProctorError = (error: unknown): ProctorError =>
  error instanceof ProctorError
    ? error
    : new ProctorError('engine_unavailable', {
        cause: error,
        detail: error instanceof Error ? error.message : String(error),
      });

/** Well within the time that two frames may be apart without a gap. */
const breakFrameEveryMs = 1000;

/** One sitting: it owns what observes and what delivers, and closes what it opened. */
class Sitting implements Proctor {
  readonly #options: ResolvedOptions;
  readonly #events = new Emitter<ProctorEvents>();
  readonly #timers: Timers = createWorkerTimers();
  #state: ProctorState = { state: 'idle' };
  #delivery: Delivery | null = null;
  #lastDelivery: DeliveryState = notDelivering;
  #recording: Recording | null = null;
  #signals: PageSignals | null = null;
  readonly #observer: Observer;
  readonly #gaze: SessionGaze;
  #guidance = noGuidance;
  #endBreak: (() => void) | null = null;
  #resuming: Promise<void> | null = null;
  #pictures: SessionThumbnails | null = null;
  #power: PowerHints | null = null;
  #preparing: Promise<EngineFacts> | null = null;
  #starting: Promise<void> | null = null;
  /** Preparing, checking and starting happen one after the other. */
  #lastAttempt: Promise<unknown> = Promise.resolve();
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
      onCapability: ({ detector, capability }) => {
        const { state } = this;
        if (!('engine' in state)) return;
        const capabilities = { ...state.engine.capabilities, [detector]: capability };
        this.#setState({ ...state, engine: { ...state.engine, capabilities } });
      },
      onCamera: (camera) => this.#cameraChanged(camera),
      onError: (error) => this.#events.emit('error', error),
      onImage: (image) => this.#pictures?.offer(image),
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

  get pictures(): PictureState {
    return this.#pictures?.state ?? noThumbnails;
  }

  on<E extends keyof ProctorEvents>(event: E, listener: (detail: ProctorEvents[E]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async prepare(): Promise<void> {
    await this.#attempt(() => this.#load());
  }

  async check(): Promise<void> {
    await this.#attempt(async () => {
      const engine = await this.#load();
      if (this.#state.state === 'running') throw new ProctorError('wrong_state', { detail: 'recording already' });
      if (this.#observer.isReading) return;
      await this.#openCamera();
      this.#check(engine);
    });
  }

  async calibrate(container: Element, options: CalibrateOptions = {}): Promise<CalibrationState> {
    await this.#attempt(async () => {
      const engine = await this.#load();
      if (this.#state.state === 'running') throw new ProctorError('wrong_state', { detail: 'recording already' });
      await this.#openCamera();
      await this.#observer.readGazeOnly(true);
      this.#setState({ state: 'calibrating', engine, camera: this.#observer.camera });
      this.#look(CALIBRATION_RATE_HZ);
      try {
        await this.#gaze.calibrate(container, options);
      } finally {
        await this.#observer.readGazeOnly(false);
        if (this.#stopping === null) this.#check(engine);
      }
    });
    return this.#gaze.state;
  }

  start(): Promise<void> {
    this.#starting ??= this.#attempt(() => this.#begin()).catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  pause(): void {
    if (this.#state.state !== 'running' || this.#endBreak !== null) return;
    this.#observer.closeCamera();
    const state = { ...this.#state, camera: this.#observer.camera, breakSinceMs: this.#timers.nowMs() };
    this.#setState(state);
    this.#recordBreak(this.#signals?.takeLast() ?? []);
    this.#endBreak = this.#timers.every(breakFrameEveryMs, () => {
      this.#signals?.forget();
      this.#recordBreak([]);
    });
  }

  resume(): Promise<void> {
    if (this.#state.state !== 'running' || this.#endBreak === null) return Promise.resolve();
    this.#resuming ??= this.#resume().finally(() => (this.#resuming = null));
    return this.#resuming;
  }

  stop(): Promise<StopResult> {
    return this.#finish('stopped');
  }

  #check(engine: EngineFacts): void {
    this.#setState({ state: 'checking', engine, camera: this.#observer.camera });
    this.#look(this.#options.frameRateHz);
  }

  /** Reads without recording. */
  #look(frameRateHz: number): void {
    this.#read(frameRateHz, (readings, at) =>
      this.#events.emit('reading', { ...readings, timestamp: Math.round(at.wallMs) }),
    );
  }

  async #resume(): Promise<void> {
    try {
      await this.#openCamera();
    } catch (cause) {
      const error = asProctorError(cause);
      this.#events.emit('error', error);
      throw error;
    }
    this.#endBreak?.();
    this.#endBreak = null;
    this.#signals?.forget();
    if (this.#state.state !== 'running') return;
    // The break lasts up to here, not up to the last of its seconds.
    this.#recordBreak([]);
    this.#setState({ ...this.#state, camera: this.#observer.camera, breakSinceMs: null });
    this.#read(this.#options.frameRateHz, (readings, at) => this.#record(readings, at));
  }

  /** The time is stated as a break, so that nobody takes it for absence; what the student does with the page in a break is not noted. */
  #recordBreak(violationsBefore: Violation[]): void {
    const at = { wallMs: this.#timers.nowMs(), monotonicMs: performance.now() };
    this.#recordWith({ not_observed: 'paused', page_hidden: pageHidden() }, violationsBefore, at);
  }

  #guided(message: GuidanceMessage): void {
    if (message.type === 'break') {
      if (message.action === 'begin') this.pause();
      // What fails is told as an error, and the student can try again.
      else void this.resume().catch(() => undefined);
      return;
    }
    const guidance = stepGuidance(this.#guidance, message);
    if (guidance === this.#guidance) return;
    this.#guidance = guidance;
    this.#events.emit('guidance', guidance);
  }

  #attempt<T>(run: () => Promise<T>): Promise<T> {
    const attempt = this.#lastAttempt.then(async () => {
      this.#assertOpen();
      return run();
    });
    const reported = attempt.catch((cause: unknown) => {
      const error = asProctorError(cause);
      if (this.#stopping === null && error.reason !== 'wrong_state') this.#setState({ state: 'failed', error });
      this.#events.emit('error', error);
      throw error;
    });
    this.#lastAttempt = reported.catch(() => undefined);
    return reported;
  }

  #assertOpen(): void {
    if (this.#stopping !== null) throw new ProctorError('wrong_state', { detail: 'stopped already' });
  }

  #load(): Promise<EngineFacts> {
    this.#preparing ??= this.#prepare().catch((error: unknown) => {
      this.#preparing = null;
      throw error;
    });
    return this.#preparing;
  }

  async #prepare(): Promise<EngineFacts> {
    this.#setState({ state: 'preparing', progress: { loadedBytes: 0, totalBytes: 0, step: 'starting' } });
    const engine = await this.#observer.load();
    this.#assertOpen();
    this.#setState({ state: 'ready', engine });
    return engine;
  }

  async #begin(): Promise<void> {
    const delivery = await Delivery.open(this.#options, this.#timers, {
      onState: (state) => this.#delivered(state),
      onError: (error) => this.#events.emit('error', error),
      onGuidance: (message) => this.#guided(message),
      onPictures: (wish) => this.#pictures?.wish(wish),
    });
    try {
      const engine = await this.#load();
      if (!this.#options.keepCamera) this.#observer.closeCamera();
      this.#observer.stopReading();
      await this.#openCamera();
      this.#assertOpen();
      this.#delivery = delivery;
      if (this.#options.pictures) {
        this.#pictures = new SessionThumbnails({
          timers: this.#timers,
          send: (text) => delivery.sendPicture(text),
          onState: (state) => this.#events.emit('pictures', state),
        });
      }
      this.#recording = new Recording(delivery, {
        onFrame: (frame) => this.#events.emit('frame', frame),
        onObservation: (event) => this.#events.emit('observation', event),
      });
      delivery.connect();
      const sinceMs = this.#timers.nowMs();
      this.#setState({
        state: 'running',
        engine,
        sinceMs,
        camera: this.#observer.camera,
        breakSinceMs: null,
      });
      if (this.#options.pageSignals) this.#signals = new PageSignals(() => this.#timers.nowMs());
      this.#gaze.watchPage();
      this.#power = new PowerHints(({ factor }) => void this.#observer.setBudget(this.#options.budget * factor));
      this.#read(this.#options.frameRateHz, (readings, at) => this.#record(readings, at));
    } catch (error) {
      this.#observer.closeCamera();
      this.#pictures?.close();
      await delivery.close();
      this.#delivery = null;
      this.#lastDelivery = notDelivering;
      throw error;
    }
  }

  #record(readings: Features, at: Moment): void {
    this.#recordWith(readings, this.#signals?.take() ?? [], at);
  }

  #recordWith(readings: Features, page_violations: Violation[], at: Moment): void {
    for (const violation of page_violations) this.#events.emit('violation', violation);
    const dropped = this.#signals?.takeDropped() ?? 0;
    const page_violations_dropped = dropped === 0 ? null : dropped;
    const news = { ...this.#budgetHint(readings), ...this.#gaze.takeNews() };
    this.#recording?.record({ ...readings, ...news, page_violations, page_violations_dropped }, at);
  }

  /** With the budget that it lowers. */
  #budgetHint({ engine_budget = null }: Features): Features {
    const { hint } = this.#power?.limit ?? unlimited;
    return engine_budget === null || hint === null ? {} : { engine_budget_hint: hint };
  }

  /** What the page saw since the last picture travels with a frame of its own. */
  #recordLastSignals(): void {
    const violations = this.#signals?.takeLast() ?? [];
    if (violations.length === 0) return;
    const at = { wallMs: this.#timers.nowMs(), monotonicMs: performance.now() };
    this.#recordWith({ not_observed: 'paused', page_hidden: pageHidden() }, violations, at);
  }

  async #openCamera(): Promise<void> {
    await this.#observer.openCamera();
    this.#assertOpen();
  }

  #read(frameRateHz: number, onReadings: (readings: Features, at: Moment) => void): void {
    this.#observer.read(frameRateHz, (readings, at) => onReadings(this.#gaze.complete(readings, at.monotonicMs), at));
  }

  #cameraChanged(camera: CameraState): void {
    const { state } = this.#state;
    if (state === 'checking' || state === 'calibrating' || state === 'running')
      this.#setState({ ...this.#state, camera });
  }

  #delivered(state: DeliveryState): void {
    this.#lastDelivery = state;
    this.#events.emit('delivery', state);
    if (state.state !== 'ended' || this.#stopping !== null || this.#state.state !== 'running') return;
    if (state.reason === 'session_ended') void this.#finish('session_ended');
    if (state.reason === 'replaced') this.#events.emit('error', new ProctorError('session_open_elsewhere'));
    if (state.reason === 'refused') this.#events.emit('error', new ProctorError('session_refused'));
  }

  #finish(reason: ClosedReason): Promise<StopResult> {
    this.#stopping ??= this.#close(reason);
    return this.#stopping;
  }

  async #close(reason: ClosedReason): Promise<StopResult> {
    this.#setState({ state: 'ending', reason });
    this.#power?.close();
    this.#gaze.close(reason === 'session_ended');
    if (this.#endBreak !== null) this.#signals?.forget();
    this.#endBreak?.();
    this.#endBreak = null;
    this.#observer.close();
    this.#pictures?.close();
    this.#signals?.close();
    // After the end of the session the server would not take it.
    if (reason === 'stopped') this.#recordLastSignals();
    this.#recording?.end();
    const result = (await this.#delivery?.drain(this.#options.drainTimeoutMs, this.#timers.nowMs())) ?? {
      delivered: 0,
      waiting: 0,
      lost: 0,
      chain: null,
    };
    // An attempt that was under way still needs them to come to its end.
    void this.#lastAttempt.then(() => this.#timers.close());
    this.#setState({ state: 'closed', reason, result });
    return result;
  }

  #setState(state: ProctorState): void {
    this.#state = state;
    this.#events.emit('state', state);
  }
}

/** Makes a proctor for one session. Nothing is loaded, opened or sent before one of its methods is called. */
export const createProctor = (options: ProctorOptions): Proctor => new Sitting(resolveOptions(options));
