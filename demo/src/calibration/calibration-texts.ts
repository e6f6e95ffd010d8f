import { inLanguage } from '../page/language.ts';
import { calibrationTextsDe } from './calibration-texts-de.ts';
import { calibrationTextsEs } from './calibration-texts-es.ts';

const calibrationTextsEn = {
  title: 'Gaze calibration',
  about:
    'Optional, and takes less than 30 seconds: follow a few dots with your eyes, so that the camera can estimate where on this page you are looking. Without calibration, only rough directions such as “left” or “down” are recorded. Skipping it does not count against you.',
  begin: 'Start calibration',
  again: 'Calibrate again',
  none: 'Not calibrated. Only rough directions are recorded.',
  calibrated: (degrees: string, pixels: string) =>
    `Calibrated. On test dots, the error was about ${degrees}° (${pixels} pixels).`,
  tooPoor: {
    few_readings:
      'Your eyes were not clearly visible, so only rough directions are recorded. More light on your face or moving closer may help.',
    inaccurate:
      'The calibration was not accurate enough, so only rough directions are recorded. To try again, keep your head still and look at each dot until it disappears.',
  },
};

export type CalibrationTexts = typeof calibrationTextsEn;

export const calibrationTexts = inLanguage<CalibrationTexts>({
  en: calibrationTextsEn,
  de: calibrationTextsDe,
  es: calibrationTextsEs,
});
