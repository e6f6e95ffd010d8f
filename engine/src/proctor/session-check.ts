import type { CalibrateOptions } from '../calibration/calibrate.ts';
import { calibrationRateHz } from '../calibration/session-gaze.ts';
import type { SessionGaze } from '../calibration/session-gaze.ts';
import type { EngineFacts } from '../worker/perception.ts';
import type { Emitter } from './emitter.ts';
import type { LoopReading } from './frame-loop.ts';
import type { Observer } from './observer.ts';
import { previewReading } from './preview-reading.ts';
import type { ProctorEvents } from './proctor.ts';
import type { ProctorState } from './state.ts';

export interface SessionCheckOptions {
  observer: Observer;
  gaze: SessionGaze;
  events: Emitter<ProctorEvents>;
  frameRateHz: number;
  setState: (state: ProctorState) => void;
}

/** Reads the open camera before the session is recorded. Nothing is stored or sent. */
export class SessionCheck {
  readonly #options: SessionCheckOptions;

  constructor(options: SessionCheckOptions) {
    this.#options = options;
  }

  preview(engine: EngineFacts): void {
    const { observer, frameRateHz, setState } = this.#options;
    setState({ state: 'checking', engine, camera: observer.camera });
    observer.read(frameRateHz, this.#show);
  }

  /** @param isOpen whether the proctor is still open; the preview then continues. */
  async calibrate(
    engine: EngineFacts,
    container: Element,
    options: CalibrateOptions,
    isOpen: () => boolean,
  ): Promise<void> {
    const { observer, gaze, setState } = this.#options;
    await observer.readGazeOnly(true);
    setState({ state: 'calibrating', engine, camera: observer.camera });
    observer.read(calibrationRateHz, this.#show);
    try {
      await gaze.calibrate(container, options);
    } finally {
      await observer.readGazeOnly(false);
      if (isOpen()) this.preview(engine);
    }
  }

  readonly #show = (reading: LoopReading): void => {
    const { observer, gaze, events } = this.#options;
    events.emit('reading', previewReading(reading, observer, gaze));
  };
}
