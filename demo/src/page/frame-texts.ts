import { inLanguage } from './language.ts';

export const frameTexts = inLanguage({
  en: {
    skip: 'Skip to content',
    navigation: 'Main',
    pages: { start: 'Start', check: 'Camera check', exam: 'Exam', proctor: 'Proctor' },
    foot: 'Only measurements are sent; camera images stay on this device unless the exam’s policy says otherwise. Observations are not verdicts: people decide.',
  },
  de: {
    skip: 'Zum Inhalt',
    navigation: 'Hauptmenü',
    pages: { start: 'Start', check: 'Kameratest', exam: 'Prüfung', proctor: 'Aufsicht' },
    foot: 'Gesendet werden nur Messwerte; Kamerabilder bleiben auf diesem Gerät, sofern die Regeln der Prüfung nichts anderes vorsehen. Beobachtungen sind keine Urteile: Menschen entscheiden.',
  },
  es: {
    skip: 'Ir al contenido',
    navigation: 'Principal',
    pages: { start: 'Inicio', check: 'Cámara', exam: 'Examen', proctor: 'Supervisión' },
    foot: 'Solo se envían mediciones; las imágenes de la cámara no salen de este dispositivo, salvo que las reglas del examen digan otra cosa. Las observaciones no son veredictos: deciden las personas.',
  },
});
