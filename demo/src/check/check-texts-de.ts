import type { CheckTexts } from './check-texts.ts';

export const checkTextsDe: CheckTexts = {
  title: 'Kameraprobe',
  intro: {
    text: 'Sehen Sie sich, wie die Kamera Sie sieht, und ob Licht und Platz gut sind. Während dieser Probe wird nichts aufbewahrt und nichts gesendet.',
    download: 'Die Bildauswertung, etwa 20 MB, wird einmal geladen und bleibt dann in Ihrem Browser.',
    button: 'Kamera einschalten',
    skip: 'Ohne Probe zur Prüfung',
  },
  preparing: {
    title: 'Die Bildauswertung wird vorbereitet',
    text: 'Danach wird die Kamera eingeschaltet.',
    first: 'Startet',
    models: 'Wird geladen',
    warmUp: 'Wird ausprobiert',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} von ${totalMb} MB`,
  },
  preview: 'Ihr Kamerabild. Es bleibt auf diesem Gerät.',
  guide: 'Ihr Gesicht sitzt gut, wenn es ungefähr das Oval ausfüllt.',
  list: 'Wie es aussieht',
  good: 'gut',
  attention: 'bitte ansehen',
  unknown: 'noch nicht bekannt',
  items: {
    camera: 'Kamera',
    light: 'Licht',
    position: 'Platz',
    sight: 'Freie Sicht',
    speed: 'Tempo',
    server: 'Verbindung',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'Sie startet.',
    lost: 'Sie wurde getrennt. Schließen Sie sie wieder an.',
  },
  light: {
    good: 'Der Raum ist hell genug.',
    dark: 'Es ist dunkel. Schalten Sie vor sich eine Lampe ein.',
    bright: 'Es ist sehr hell. Drehen Sie sich vom Fenster oder von der Lampe weg.',
  },
  position: {
    good: 'Ihr Gesicht ist gut im Bild.',
    none: 'Es ist kein Gesicht im Bild. Setzen Sie sich vor die Kamera.',
    several: 'Es ist mehr als ein Gesicht im Bild. Nur Sie sollten zu sehen sein.',
    far: 'Sie sind weit weg. Kommen Sie näher.',
    near: 'Sie sind sehr nah. Lehnen Sie sich etwas zurück.',
    aside: 'Rücken Sie zur Bildmitte.',
  },
  sight: {
    good: 'Das Bild ist klar.',
    blurred: 'Das Bild ist unscharf. Wischen Sie die Linse ab.',
    covered: 'Etwas verdeckt die Kamera.',
    frozen:
      'Das Bild steht still. Schließen Sie andere Kameraprogramme oder ziehen Sie die Kamera ab und stecken Sie sie wieder an.',
  },
  speed: {
    good: (rate: string) => `${rate} Bilder in der Sekunde werden gelesen.`,
    slow: (rate: string) =>
      `${rate} Bilder in der Sekunde werden gelesen. Das reicht für die Prüfung; wenn Sie andere Programme schließen, werden es mehr.`,
  },
  server: {
    good: 'Der Server antwortet.',
    away: 'Der Server antwortet nicht. Die Prüfung geht auch ohne ihn weiter; die Messwerte warten auf diesem Gerät.',
  },
  numbers: 'Was gerade gelesen wird',
  chart: 'Kopfbewegung, letzte 20 Sekunden',
  turned: 'gedreht',
  raised: 'gehoben',
  ready: 'Alles ist gut. Sie können weitergehen.',
  notReady:
    'Sie können jederzeit weitergehen; was nicht zu sehen ist, wird als „nicht beobachtet“ vermerkt und zählt nicht gegen Sie.',
  next: 'Zur Prüfung',
  failed: { title: 'Die Kamera konnte nicht eingeschaltet werden', again: 'Noch einmal versuchen' },
};
