import type { Language } from './language.ts';

export interface ReadingTexts {
  unknown: string;
  readings: Record<'faces' | 'head' | 'gaze' | 'phone' | 'hands' | 'light' | 'speed' | 'frames', string>;
  yes: string;
  no: string;
  gaze: Record<
    'top_left' | 'top' | 'top_right' | 'left' | 'center' | 'right' | 'bottom_left' | 'bottom' | 'bottom_right',
    string
  >;
}

export const readingTexts: Record<Language, ReadingTexts> = {
  en: {
    unknown: 'unknown',
    readings: {
      faces: 'Faces in view',
      head: 'Head turned / raised',
      gaze: 'Gaze',
      phone: 'Phone',
      hands: 'Hands',
      light: 'Light',
      speed: 'Processing time',
      frames: 'Readings so far',
    },
    yes: 'in view',
    no: 'not in view',
    gaze: {
      top_left: 'up left',
      top: 'up',
      top_right: 'up right',
      left: 'left',
      center: 'straight ahead',
      right: 'right',
      bottom_left: 'down left',
      bottom: 'down',
      bottom_right: 'down right',
    },
  },
  de: {
    unknown: 'unbekannt',
    readings: {
      faces: 'Gesichter im Bild',
      head: 'Kopf gedreht / gehoben',
      gaze: 'Blick',
      phone: 'Telefon',
      hands: 'Hände',
      light: 'Licht',
      speed: 'Verarbeitungszeit',
      frames: 'Messwerte bisher',
    },
    yes: 'im Bild',
    no: 'nicht im Bild',
    gaze: {
      top_left: 'oben links',
      top: 'oben',
      top_right: 'oben rechts',
      left: 'links',
      center: 'geradeaus',
      right: 'rechts',
      bottom_left: 'unten links',
      bottom: 'unten',
      bottom_right: 'unten rechts',
    },
  },
  es: {
    unknown: 'desconocido',
    readings: {
      faces: 'Rostros a la vista',
      head: 'Cabeza girada / levantada',
      gaze: 'Mirada',
      phone: 'Teléfono',
      hands: 'Manos',
      light: 'Luz',
      speed: 'Tiempo de procesamiento',
      frames: 'Lecturas hasta ahora',
    },
    yes: 'a la vista',
    no: 'no está a la vista',
    gaze: {
      top_left: 'arriba a la izquierda',
      top: 'arriba',
      top_right: 'arriba a la derecha',
      left: 'a la izquierda',
      center: 'al frente',
      right: 'a la derecha',
      bottom_left: 'abajo a la izquierda',
      bottom: 'abajo',
      bottom_right: 'abajo a la derecha',
    },
  },
};
