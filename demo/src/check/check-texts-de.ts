import type { CheckTexts } from './check-texts.ts';

export const checkTextsDe: CheckTexts = {
  title: 'Kameratest',
  intro: {
    text: 'Ihr Browser fragt nach der Kamera, weil der Test und die Prüfung sie brauchen. Sie sehen, was die Kamera sieht, und können Licht und Position prüfen. Dabei wird nichts aufgezeichnet oder gesendet.',
    download:
      'Die Modelle für die Bildauswertung (etwa 30 MB) werden einmal heruntergeladen und dann im Browser gespeichert.',
    button: 'Kamera einschalten',
    skip: 'Ohne Test zur Prüfung',
  },
  preparing: {
    title: 'Die Bildauswertung wird vorbereitet',
    text: 'Danach schaltet sich die Kamera ein.',
    first: 'Startet',
    models: 'Wird geladen',
    warmUp: 'Wird gestartet',
    progress: (loadedMb: string, totalMb: string) => `${loadedMb} von ${totalMb} MB`,
  },
  preview: 'Kameravorschau. Sie bleibt auf diesem Gerät.',
  guide: 'Setzen Sie sich so, dass Ihr Gesicht das Oval ungefähr ausfüllt.',
  list: 'Ergebnis',
  good: 'in Ordnung',
  attention: 'bitte prüfen',
  unknown: 'noch nicht geprüft',
  items: {
    camera: 'Kamera',
    light: 'Licht',
    position: 'Position',
    sight: 'Bild',
    speed: 'Tempo',
    server: 'Verbindung',
  },
  camera: {
    on: (label: string, size: string) => `${label}, ${size}`,
    starting: 'Startet.',
    lost: 'Getrennt. Schließen Sie die Kamera wieder an.',
  },
  light: {
    good: 'Die Beleuchtung ist gut.',
    dark: 'Zu dunkel. Schalten Sie vor sich eine Lampe ein.',
    bright: 'Zu hell. Drehen Sie sich vom Fenster oder von der Lampe weg.',
  },
  position: {
    good: 'Ihr Gesicht ist gut im Bild.',
    none: 'Kein Gesicht im Bild. Setzen Sie sich vor die Kamera.',
    several: 'Mehr als ein Gesicht im Bild. Nur Sie sollten zu sehen sein.',
    far: 'Sie sind zu weit weg. Kommen Sie näher.',
    near: 'Sie sind zu nah. Lehnen Sie sich etwas zurück.',
    aside: 'Rücken Sie zur Bildmitte.',
  },
  sight: {
    good: 'Das Bild ist klar.',
    blurred: 'Das Bild ist unscharf. Wischen Sie die Linse ab.',
    covered: 'Etwas verdeckt die Kamera.',
    frozen:
      'Das Bild ist eingefroren. Schließen Sie andere Programme, die die Kamera nutzen, oder stecken Sie die Kamera neu ein.',
  },
  speed: {
    good: (rate: string) => `${rate} Bilder pro Sekunde werden ausgewertet.`,
    slow: (rate: string) =>
      `${rate} Bilder pro Sekunde werden ausgewertet. Das reicht für die Prüfung; schneller wird es, wenn Sie andere Programme schließen.`,
  },
  server: {
    good: 'Mit dem Server verbunden.',
    away: 'Der Server antwortet nicht. Sie können die Prüfung trotzdem ablegen: Die Messwerte bleiben auf diesem Gerät, bis er wieder erreichbar ist.',
  },
  numbers: 'Aktuelle Messwerte',
  chart: 'Kopfbewegung, letzte 20 Sekunden',
  turned: 'links / rechts',
  raised: 'unten / oben',
  infrared: 'Infrarot',
  practice: {
    title: 'Probefrage',
    text: 'So beantworten Sie in der Prüfung die Fragen. Ihre Antwort wird nirgendwohin gesendet.',
    question: 'Wie heißt die Hauptstadt von Portugal?',
    handIn: 'Abgeben und Probelauf beenden',
    notSaved: 'Der Server konnte die Prüfung der Kamera nicht vermerken. Bitte versuchen Sie es noch einmal.',
    done: (at: string) => `Geprüft am ${at}`,
    doneText:
      'Die Kamera ist aus. Ihre Lehrperson sieht, dass Sie sie geprüft haben und was noch nicht in Ordnung war.',
    back: 'Zurück zur Prüfung',
  },
  ready: 'Alles in Ordnung. Sie können fortfahren.',
  notReady:
    'Sie können jederzeit fortfahren. Was die Kamera nicht sieht, wird als „nicht beobachtet“ vermerkt und zählt nicht gegen Sie.',
  next: 'Weiter zur Prüfung',
  failed: { title: 'Die Kamera konnte nicht eingeschaltet werden', again: 'Noch einmal versuchen' },
};
