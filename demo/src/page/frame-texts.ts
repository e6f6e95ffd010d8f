import { inLanguage } from './language.ts';

export const frameTexts = inLanguage({
  en: {
    skip: 'Skip to the content',
    navigation: 'Pages',
    pages: { start: 'Start', check: 'Camera check', exam: 'Exam', proctor: 'Proctor' },
    foot: 'Numbers; the camera picture stays on this device unless the exam’s rules say otherwise. Observations are not judgements; people decide.',
  },
  de: {
    skip: 'Zum Inhalt',
    navigation: 'Seiten',
    pages: { start: 'Start', check: 'Kameraprobe', exam: 'Prüfung', proctor: 'Aufsicht' },
    foot: 'Zahlen; das Kamerabild bleibt auf diesem Gerät, außer wenn die Regeln der Prüfung etwas anderes sagen. Beobachtungen sind keine Urteile; Menschen entscheiden.',
  },
  es: {
    skip: 'Ir al contenido',
    navigation: 'Páginas',
    pages: { start: 'Inicio', check: 'Cámara', exam: 'Examen', proctor: 'Supervisión' },
    foot: 'Números; la imagen de la cámara no sale de este dispositivo, salvo que las reglas del examen digan otra cosa. Las observaciones no son juicios; deciden personas.',
  },
});
