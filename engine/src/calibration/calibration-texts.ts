import type { Language } from '../i18n/language.ts';

/** What the student reads around the targets. */
export interface CalibrationTexts {
  title: string;
  /** Before it begins. */
  about: string;
  begin: string;
  skip: string;
  lookAtDot: string;
  followDot: string;
  stop: string;
}

/** Own texts in the place of some. */
export type OwnCalibrationTexts = Partial<CalibrationTexts>;

export const calibrationTexts: Record<Language, CalibrationTexts> = {
  en: {
    title: 'Gaze calibration',
    about:
      'Nine dots appear one after the other, then a moving one. Look at each until it disappears, and sit as you will during the exam. You do not need mouse or keyboard. This takes less than 30 seconds, and only numbers are stored. You may skip it; then only approximate gaze directions are measured.',
    begin: 'Begin',
    skip: 'Skip',
    lookAtDot: 'Look at the dot.',
    followDot: 'Follow the dot with your eyes.',
    stop: 'Stop (Esc)',
  },
  de: {
    title: 'Wohin Sie schauen',
    about:
      'Nacheinander erscheinen neun Punkte, danach einer, der sich bewegt. Schauen Sie jeden an, bis er verschwindet, und sitzen Sie so wie in der Prüfung. Maus und Tastatur brauchen Sie nicht. Es dauert weniger als 30 Sekunden, behalten werden nur Zahlen, und Sie können es überspringen: Dann werden nur grobe Richtungen gelesen.',
    begin: 'Beginnen',
    skip: 'Überspringen',
    lookAtDot: 'Schauen Sie den Punkt an.',
    followDot: 'Folgen Sie dem Punkt mit den Augen.',
    stop: 'Abbrechen (Esc)',
  },
  es: {
    title: 'Hacia dónde mira',
    about:
      'Aparecen nueve puntos, uno tras otro, y después uno que se mueve. Mire cada uno hasta que desaparezca y siéntese como en el examen. No necesita ratón ni teclado. Dura menos de 30 segundos, solo se guardan números y puede omitirlo: entonces solo se leen direcciones aproximadas.',
    begin: 'Comenzar',
    skip: 'Omitir',
    lookAtDot: 'Mire el punto.',
    followDot: 'Siga el punto con los ojos.',
    stop: 'Detener (Esc)',
  },
};
