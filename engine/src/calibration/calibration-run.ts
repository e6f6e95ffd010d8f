import type { CalibrationTexts } from './calibration-texts.ts';
import type { CalibrationView } from './calibration-view.ts';
import { calibrateGaze, fewestTargets } from './calibrate-gaze.ts';
import type { CalibrationOutcome } from './gaze-calibration.ts';
import { movingSamples, openEyes, stillSamples } from './gaze-readings.ts';
import type { GazeReading, MovingTarget, StillTarget } from './gaze-readings.ts';
import type { GazeSample, PointPx } from './gaze-sample.ts';
import { fourTargets, nineTargets, pursuitTarget } from './target-plan.ts';
import type { Share } from './target-plan.ts';
import { viewportPlace } from './viewport-place.ts';
import type { ViewportPlace } from './viewport-place.ts';

export interface CalibrationPace {
  /** Time for the eyes to reach a new target. */
  settleMs: number;
  /** How long each target is shown: at least, and at most if readings are slow. */
  lookMs: number;
  longestLookMs: number;
  /** Readings after which a target may end, and readings that it needs to count. */
  enoughReadings: number;
  fewestReadings: number;
  pursuitMs: number;
}

/** 28 s at most: nine times 2.1 s, then 8 s; or thirteen times 2.1 s. */
export const calibrationPace: CalibrationPace = {
  settleMs: 650,
  lookMs: 900,
  longestLookMs: 1450,
  enoughReadings: 6,
  fewestReadings: 3,
  pursuitMs: 8000,
};

export interface CalibrationRunOptions {
  view: CalibrationView;
  texts: CalibrationTexts;
  pace: CalibrationPace;
  /** Still targets that replace the moving one. */
  reducedMotion: boolean;
  /** Called for every reading until the returned function is called. */
  listen: (onReading: (reading: GazeReading) => void) => () => void;
  onStep: (step: number, steps: number) => void;
  /** Unix epoch, milliseconds. */
  nowMs(): number;
}

/** Resolves at the page's next animation frame; nothing is shown or measured in between. */
const nextPicture = (signal: AbortSignal): Promise<number> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    requestAnimationFrame(() => {
      signal.removeEventListener('abort', stop);
      resolve(performance.now());
    });
  });

/** One pass of a student over the targets. */
class Run {
  readonly #parts: CalibrationRunOptions;
  readonly #readings: GazeReading[] = [];

  constructor(parts: CalibrationRunOptions) {
    this.#parts = parts;
  }

  async follow(): Promise<CalibrationOutcome> {
    const { view, texts, reducedMotion, onStep, listen } = this.#parts;
    await view.begun();
    const stopListening = listen((reading) => this.#readings.push(reading));
    try {
      view.say(texts.lookAtDot);
      const more = reducedMotion ? fourTargets : [];
      const steps = nineTargets.length + (reducedMotion ? more.length : 1);
      const looked: StillTarget[] = [];
      for (const share of nineTargets) {
        onStep(looked.length + 1, steps);
        view.showStep(this.#stepText(looked.length + 1, nineTargets.length));
        looked.push(await this.#lookAt(share));
        const seen = new Set(this.#still(looked).map(({ group }) => group)).size;
        if (looked.length - seen > nineTargets.length - fewestTargets) return this.#judge(looked);
      }
      // If the still targets were not followed, the moving one would not help.
      const outcome = this.#judge(looked);
      if (!outcome.ok) return outcome;
      for (const share of more) {
        onStep(looked.length + 1, steps);
        view.showStep(this.#stepText(looked.length + 1, steps));
        looked.push(await this.#lookAt(share));
      }
      if (reducedMotion) return this.#judge(looked);
      onStep(steps, steps);
      view.say(texts.followDot);
      view.showStep('');
      const moving = await this.#pursue();
      const still = this.#still(looked);
      return calibrateGaze([...still, ...movingSamples(this.#readings, moving, still)], this.#facts());
    } finally {
      stopListening();
    }
  }

  #stepText(step: number, steps: number): string {
    return this.#parts.texts.step.replace('{step}', String(step)).replace('{steps}', String(steps));
  }

  async #lookAt(share: Share): Promise<StillTarget> {
    const { view, pace } = this.#parts;
    const target = view.show(share, true);
    const fromMs = performance.now() + pace.settleMs;
    let nowMs = await nextPicture(view.closed);
    while (nowMs < fromMs) nowMs = await nextPicture(view.closed);
    view.showLooked();
    const isEnough = (): boolean => {
      if (nowMs - fromMs >= pace.longestLookMs) return true;
      if (nowMs - fromMs < pace.lookMs) return false;
      return openEyes(this.#readings.filter(({ atMs }) => atMs >= fromMs)).length >= pace.enoughReadings;
    };
    while (!isEnough()) nowMs = await nextPicture(view.closed);
    return { target, fromMs, toMs: nowMs };
  }

  async #pursue(): Promise<MovingTarget> {
    const { view, pace } = this.#parts;
    const fromMs = performance.now();
    const partAt = (atMs: number): number => Math.min(1, Math.max(0, (atMs - fromMs) / pace.pursuitMs));
    const { widthPx, heightPx } = view.size;
    for (let nowMs = fromMs; partAt(nowMs) < 1; nowMs = await nextPicture(view.closed)) {
      view.show(pursuitTarget(partAt(nowMs)), true);
    }
    const at = (atMs: number): PointPx => {
      const share = pursuitTarget(partAt(atMs));
      return { x: share.x * widthPx, y: share.y * heightPx };
    };
    return { fromMs, toMs: performance.now(), at };
  }

  #still(looked: readonly StillTarget[]): GazeSample[] {
    return stillSamples(this.#readings, looked, this.#parts.pace.fewestReadings);
  }

  #judge(looked: readonly StillTarget[]): CalibrationOutcome {
    return calibrateGaze(this.#still(looked), this.#facts());
  }

  #facts(): { atMs: number; viewport: ViewportPlace } {
    return { atMs: this.#parts.nowMs(), viewport: viewportPlace() };
  }
}

/** @returns null if the student stopped or skipped it. */
export const runCalibration = async (parts: CalibrationRunOptions): Promise<CalibrationOutcome | null> => {
  const { closed } = parts.view;
  const left = new Promise<null>((resolve) => {
    closed.addEventListener('abort', () => resolve(null), { once: true });
  });
  try {
    return await Promise.race([new Run(parts).follow(), left]);
  } catch (error) {
    if (closed.aborted) return null;
    throw error;
  } finally {
    parts.view.close();
  }
};
