import { chooseLanguage } from '../i18n/language.ts';
import { calibrationPace, runCalibration } from './calibration-run.ts';
import type { CalibrationPace } from './calibration-run.ts';
import { calibrationTexts } from './calibration-texts.ts';
import type { OwnCalibrationTexts } from './calibration-texts.ts';
import { CalibrationView } from './calibration-view.ts';
import type { CalibrationOutcome } from './gaze-calibration.ts';
import type { GazeReading } from './gaze-readings.ts';

export interface CalibrateOptions {
  /** Ends the calibration as if the student had stopped it. */
  signal?: AbortSignal;
  /** Uses four more still targets instead of the moving one. Default: the device's setting for reduced motion. */
  reducedMotion?: boolean;
  /** Texts that replace the built-in ones. */
  texts?: OwnCalibrationTexts;
}

export interface CalibrateDependencies {
  listen: (onReading: (reading: GazeReading) => void) => () => void;
  onStep: (step: number, steps: number) => void;
  nowMs(): number;
  pace?: CalibrationPace;
}

/** Shows the targets over the page and fits. @returns null if the student stopped or skipped it. */
export const calibrate = (
  container: Element,
  { signal, reducedMotion, texts }: CalibrateOptions,
  { pace = calibrationPace, ...parts }: CalibrateDependencies,
): Promise<CalibrationOutcome | null> => {
  const own = container.closest('[lang]')?.getAttribute('lang') ?? '';
  const language = chooseLanguage(own === '' ? navigator.languages : [own]);
  const all = { ...calibrationTexts[language], ...texts };
  const view = new CalibrationView(container, all, language);
  if (signal?.aborted === true) view.close();
  signal?.addEventListener('abort', () => view.close(), { once: true, signal: view.closed });
  const stillOnly = reducedMotion ?? matchMedia('(prefers-reduced-motion: reduce)').matches;
  return runCalibration({ ...parts, view, texts: all, pace, reducedMotion: stillOnly });
};
