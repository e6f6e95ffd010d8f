import type { SessionGaze } from '../calibration/session-gaze.ts';
import type { Delivery } from '../connection/delivery.ts';
import { PageSignals } from '../page-signals/page-signals.ts';
import { Suspension } from '../page-signals/suspension.ts';
import { PowerHints } from '../power/power-hints.ts';
import type { PictureState } from '../thumbnails/thumbnail-state.ts';
import { noThumbnails } from '../thumbnails/thumbnail-state.ts';
import type { SessionThumbnails } from '../thumbnails/session-thumbnails.ts';
import type { ThumbnailRequest } from '../thumbnails/thumbnail-sender.ts';
import type { Timers } from '../timing/timers.ts';
import type { Emitter } from './emitter.ts';
import type { Observer } from './observer.ts';
import type { ResolvedOptions } from './options.ts';
import type { ProctorEvents } from './proctor.ts';
import { Recording } from './recording.ts';
import type { MissingPart } from './missing-part.ts';

export interface RunningSessionOptions {
  options: ResolvedOptions;
  timers: Timers;
  observer: Observer;
  gaze: SessionGaze;
  delivery: Delivery;
  events: Emitter<ProctorEvents>;
  missing: MissingPart | null;
}

/** Well below the time between two frames that counts as a gap. */
const idleFramePeriodMs = 1000;

const reasonByPart = { camera: 'no_camera', image_analysis: 'no_image_analysis' } as const;

/** A session from the first recorded frame to the last: recording, thumbnails, page signals, breaks. */
export class RunningSession {
  readonly #options: RunningSessionOptions;
  readonly #recording: Recording;
  #thumbnails: SessionThumbnails | null = null;
  #isLoadingThumbnails = false;
  #thumbnailRequest: ThumbnailRequest | null = null;
  #isClosed = false;
  readonly #signals: PageSignals | null;
  readonly #power: PowerHints;
  readonly #suspension: Suspension;
  #missing: MissingPart | null;
  #isOnBreak = false;
  /** Frames that state why there is no image. */
  #stopIdleFrames: (() => void) | null = null;

  /** Connects, and begins to record from the open camera. */
  constructor(running: RunningSessionOptions) {
    const { options, timers, observer, gaze, delivery, events } = running;
    this.#options = running;
    this.#missing = running.missing;
    this.#signals = options.pageSignals ? new PageSignals(() => timers.nowMs()) : null;
    this.#power = new PowerHints(({ factor }) => void observer.setBudget(options.budget * factor));
    this.#suspension = new Suspension(timers);
    this.#recording = new Recording({
      delivery,
      camera: observer,
      gaze,
      signals: this.#signals,
      power: this.#power,
      suspension: this.#suspension,
      timers,
      onFrame: (frame) => events.emit('frame', frame),
      onObservation: (event) => events.emit('observation', event),
      onViolation: (violation) => events.emit('violation', violation),
    });
    delivery.connect();
    void gaze.watchPage();
    this.#continue();
  }

  get isOnBreak(): boolean {
    return this.#isOnBreak;
  }

  get pictures(): PictureState {
    return this.#thumbnails?.state ?? noThumbnails;
  }

  requestThumbnails(request: ThumbnailRequest | null): void {
    if (!this.#options.options.pictures) return;
    this.#thumbnailRequest = request;
    this.#thumbnails?.request(request);
    if (request === null || this.#thumbnails !== null || this.#isLoadingThumbnails) return;
    this.#isLoadingThumbnails = true;
    // The next request tries again if the code could not be loaded.
    this.#loadThumbnails()
      .catch(() => undefined)
      .finally(() => (this.#isLoadingThumbnails = false));
  }

  offerImage(image: VideoFrame | ImageBitmap): void {
    this.#thumbnails?.offer(image);
  }

  /** The camera was closed for a break: from here on, one frame per second records the break. */
  beginBreak(): void {
    this.#recording.beginBreak();
    this.#isOnBreak = true;
    this.#recordIdle(() => this.#recording.recordBreak());
  }

  /** The camera is open again, unless the session runs without it. */
  endBreak(): void {
    // The break lasts until now, not until the last whole second.
    this.#recording.recordBreak();
    this.#isOnBreak = false;
    this.#continue();
  }

  /** The part failed for good. During a break, this is stated once it ends. */
  lose(part: MissingPart): void {
    this.#missing = part;
    if (!this.#isOnBreak) this.#continue();
  }

  /** The part works, after the session ran without it. During a break, it is used once that ends. */
  regain(): void {
    this.#missing = null;
    if (!this.#isOnBreak) this.#continue();
  }

  /** Stops recording. @param isSessionOver the server would accept no further frame. */
  close(isSessionOver: boolean): void {
    this.#isClosed = true;
    this.#power.close();
    this.#suspension.close();
    if (this.isOnBreak) this.#recording.discardSignals();
    this.#stopIdle();
    this.#isOnBreak = false;
    this.#thumbnails?.close();
    this.#signals?.close();
    if (!isSessionOver) this.#recording.recordLastSignals();
    this.#recording.end();
  }

  /** The code for thumbnails is loaded only if the server asks for them. */
  async #loadThumbnails(): Promise<void> {
    const { timers, delivery, events } = this.#options;
    const { SessionThumbnails } = await import('../thumbnails/session-thumbnails.ts');
    if (this.#isClosed) return;
    this.#thumbnails = new SessionThumbnails({
      timers,
      send: (message) => delivery.sendPicture(message),
      onState: (state) => events.emit('pictures', state),
    });
    this.#thumbnails.request(this.#thumbnailRequest);
  }

  #continue(): void {
    const { observer, options } = this.#options;
    this.#stopIdle();
    if (this.#missing === null) return observer.read(options.frameRateHz, this.#recording.record);
    const reason = reasonByPart[this.#missing];
    this.#recording.recordMissing(reason);
    this.#recordIdle(() => this.#recording.recordMissing(reason));
  }

  #recordIdle(record: () => void): void {
    this.#stopIdle();
    this.#stopIdleFrames = this.#options.timers.every(idleFramePeriodMs, record);
  }

  #stopIdle(): void {
    this.#stopIdleFrames?.();
    this.#stopIdleFrames = null;
  }
}
