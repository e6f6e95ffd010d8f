import { inLanguage } from './language.ts';

export const frameTexts = inLanguage({
  en: {
    skip: 'Skip to the content',
    navigation: 'Pages',
    pages: { start: 'Start', check: 'Camera check', exam: 'Exam', proctor: 'Proctor' },
    foot: 'Numbers only: the camera picture stays on this device. Observations are not judgements; people decide.',
  },
  de: {
    skip: 'Zum Inhalt',
    navigation: 'Seiten',
    pages: { start: 'Start', check: 'Kameraprobe', exam: 'Prüfung', proctor: 'Aufsicht' },
    foot: 'Nur Zahlen: Das Kamerabild bleibt auf diesem Gerät. Beobachtungen sind keine Urteile; Menschen entscheiden.',
  },
  es: {
    skip: 'Ir al contenido',
    navigation: 'Páginas',
    pages: { start: 'Inicio', check: 'Prueba de cámara', exam: 'Examen', proctor: 'Supervisión' },
    foot: 'Solo números: la imagen de la cámara no sale de este dispositivo. Las observaciones no son juicios; deciden personas.',
  },
});
