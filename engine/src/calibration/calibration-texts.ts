import type { Language } from '../i18n/language.ts';

/** Texts around the targets. */
export interface CalibrationTexts {
  title: string;
  /** Before it begins. */
  about: string;
  begin: string;
  skip: string;
  lookAtDot: string;
  followDot: string;
  /** Below the dot; `{step}` and `{steps}` are numbers. */
  step: string;
  stop: string;
}

/** Texts that replace the built-in ones. */
export type OwnCalibrationTexts = Partial<CalibrationTexts>;

export const calibrationTexts: Record<Language, CalibrationTexts> = {
  en: {
    title: 'Gaze calibration',
    about:
      'Nine dots appear one after the other, then a moving one. Look at each until it disappears, and sit as you will during the exam. You do not need the mouse or keyboard. This takes less than 30 seconds, and only numbers are stored. You may skip it; then only approximate gaze directions are measured.',
    begin: 'Begin',
    skip: 'Skip',
    lookAtDot: 'Look at the dot.',
    followDot: 'Follow the dot with your eyes.',
    step: '{step} of {steps}',
    stop: 'Stop (Esc)',
  },
  de: {
    title: 'Blickkalibrierung',
    about:
      'Nacheinander erscheinen neun Punkte, danach ein beweglicher. Schauen Sie jeden an, bis er verschwindet, und sitzen Sie so wie später in der Prüfung. Maus und Tastatur brauchen Sie nicht. Das dauert weniger als 30 Sekunden, und es werden nur Zahlen gespeichert. Sie können die Kalibrierung überspringen; dann werden nur grobe Blickrichtungen gemessen.',
    begin: 'Beginnen',
    skip: 'Überspringen',
    lookAtDot: 'Schauen Sie den Punkt an.',
    followDot: 'Folgen Sie dem Punkt mit den Augen.',
    step: '{step} von {steps}',
    stop: 'Abbrechen (Esc)',
  },
  es: {
    title: 'Calibración de la mirada',
    about:
      'Aparecen nueve puntos, uno tras otro, y después uno que se mueve. Mire cada uno hasta que desaparezca y siéntese como lo hará en el examen. No necesita ratón ni teclado. Dura menos de 30 segundos y solo se guardan números. Puede omitirla; entonces solo se miden direcciones aproximadas de la mirada.',
    begin: 'Comenzar',
    skip: 'Omitir',
    lookAtDot: 'Mire el punto.',
    followDot: 'Siga el punto con los ojos.',
    step: '{step} de {steps}',
    stop: 'Detener (Esc)',
  },
};
