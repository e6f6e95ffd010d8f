import type { CalibrationTexts } from './calibration-texts.ts';

export const calibrationTextsDe: CalibrationTexts = {
  title: 'Wohin Sie schauen',
  about:
    'Wenn Sie möchten, lernt die Kamera, wohin auf dieser Seite Sie schauen: Folgen Sie einigen Punkten mit den Augen, unter 30 Sekunden. Ohne das werden nur grobe Richtungen wie „links“ oder „unten“ gelesen. Es zu überspringen wird Ihnen nicht angelastet.',
  begin: 'Den Punkten folgen',
  again: 'Noch einmal',
  none: 'Nicht kalibriert. Es werden grobe Richtungen gelesen.',
  calibrated: (degrees, pixels) =>
    `Kalibriert. Bei Punkten, die unbekannt waren, lag es um etwa ${degrees}° (${pixels} Pixel) daneben.`,
  tooPoor: {
    few_readings:
      'Ihre Augen waren nicht gut genug zu sehen, deshalb werden grobe Richtungen gelesen. Mehr Licht im Gesicht oder ein kleinerer Abstand kann helfen.',
    inaccurate:
      'Es wurde nicht genau genug, deshalb werden grobe Richtungen gelesen. Halten Sie den Kopf ruhig und schauen Sie jeden Punkt an, bis er verschwindet, wenn Sie es noch einmal versuchen möchten.',
  },
};
