import type { CalibrationTexts } from './calibration-texts.ts';

export const calibrationTextsDe: CalibrationTexts = {
  title: 'Blickkalibrierung',
  about:
    'Freiwillig, dauert weniger als 30 Sekunden: Folgen Sie einigen Punkten mit den Augen, damit die Kamera abschätzen kann, wohin auf dieser Seite Sie schauen. Ohne Kalibrierung werden nur grobe Richtungen wie „links“ oder „unten“ erfasst. Wenn Sie sie überspringen, zählt das nicht gegen Sie.',
  begin: 'Kalibrierung starten',
  again: 'Erneut kalibrieren',
  none: 'Nicht kalibriert. Es werden nur grobe Richtungen erfasst.',
  calibrated: (degrees, pixels) =>
    `Kalibriert. Bei Testpunkten betrug die Abweichung etwa ${degrees}° (${pixels} Pixel).`,
  tooPoor: {
    few_readings:
      'Ihre Augen waren nicht deutlich genug zu sehen, deshalb werden nur grobe Richtungen erfasst. Mehr Licht im Gesicht oder ein kleinerer Abstand kann helfen.',
    inaccurate:
      'Die Kalibrierung war nicht genau genug, deshalb werden nur grobe Richtungen erfasst. Für einen neuen Versuch halten Sie den Kopf ruhig und schauen Sie jeden Punkt an, bis er verschwindet.',
  },
};
