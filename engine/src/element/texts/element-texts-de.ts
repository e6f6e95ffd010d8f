import { failureTextsDe } from '../../i18n/failure-texts-de.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsDe: ElementTexts = {
  title: 'Aufsicht',
  preview: 'Ihr Kamerabild.',
  consent: {
    title: 'Bevor die Kamera eingeschaltet wird',
    resume: 'Diese Sitzung hat schon begonnen. Sie geht dort weiter, wo sie war.',
    read: {
      name: 'Was gelesen wird',
      text: 'Etwa fünfmal in der Sekunde liest Ihr Browser Zahlen aus dem Kamerabild: ob und wie viele Gesichter zu sehen sind, wohin Kopf und Augen zeigen, ob Hände oder ein Telefon zu sehen sind, wie hell und scharf das Bild ist. Er vermerkt auch, wenn ein anderer Tab oder ein anderes Fenster vorn ist, und Kopieren und Einfügen, nie den Inhalt.',
    },
    sent: {
      name: 'Was gesendet wird',
      text: 'Diese Zahlen, kein Ton. Das Bild bleibt auf diesem Gerät, außer wenn die Regeln dieser Prüfung einer verantwortlichen Person erlauben hereinzusehen: Dann geht alle zwei Sekunden ein kleines hinaus, solange sie das tut, oder eines, wenn sie auf etwas hingewiesen wird. Es wird nicht aufbewahrt, und diese Seite sagt es jedes Mal.',
      never: 'Diese Zahlen. Das Bild bleibt auf diesem Gerät, Ton gibt es nicht.',
    },
    seen: {
      name: 'Wer es sieht',
      text: 'Ein Mensch liest den Bericht. Wenn die Kamera schlecht sieht, steht dort „nicht beobachtet“; das zählt nicht gegen Sie.',
    },
    kept: {
      name: 'Wie lange es aufbewahrt wird',
      text: 'So lange, wie der Veranstalter der Prüfung es festgelegt hat. Er sagt Ihnen das, und auch, wie Sie es löschen lassen.',
    },
    numbers: 'Die Zahlen im Einzelnen',
    download: 'Die Bildauswertung, etwa 20 MB, wird einmal geladen und bleibt dann in Ihrem Browser.',
    agree: 'Ich bin einverstanden, Kamera einschalten',
    goOn: 'Weiter, Kamera einschalten',
  },
  preparing: {
    title: 'Die Bildauswertung wird vorbereitet',
    text: 'Die Prüfung beginnt, sobald sie bereit ist. Erst danach wird die Kamera eingeschaltet.',
    session: 'Die Sitzung beginnt',
    models: 'Wird geladen',
    warmUp: 'Wird ausprobiert',
    amount: '{loaded} von {total} MB',
  },
  cameraWaiting: {
    permission: {
      title: 'Bitte beantworten Sie die Frage des Browsers',
      text: 'Ihr Browser fragt, ob diese Seite die Kamera benutzen darf. Wählen Sie „Zulassen“, meist oben im Fenster.',
      button: 'Noch einmal fragen',
    },
    device: {
      title: 'Die Kamera antwortet nicht',
      text: 'Diese Seite darf die Kamera benutzen, aber die Kamera antwortet nicht. Schließen Sie andere Programme, die sie benutzen, oder stecken Sie sie neu an.',
      button: 'Noch einmal versuchen',
    },
    touch: {
      title: 'Tippen Sie hier, um weiterzumachen',
      text: 'Der Browser startet das Kamerabild erst nach einer Berührung.',
      button: 'Hier tippen und weitermachen',
    },
  },
  panel: {
    starting: 'Startet',
    observed: 'Beobachtet',
    notObserved: 'Nicht beobachtet: {reason}',
    elapsed: 'Zeit',
    watched: 'Eine verantwortliche Person sieht gerade herein: Alle zwei Sekunden wird ein kleines Bild gesendet',
    pictures: 'Kleine Bilder bisher gesendet: {count}',
    missing: 'Auf diesem Gerät wird nicht danach gesucht: {names}. Das zählt nicht gegen Sie.',
    phone: 'Telefone',
    hands: 'Hände',
    numbers: 'Was gerade gelesen wird',
    notes: 'Was vermerkt wurde',
    noNotes: 'Bisher nichts.',
    running: 'jetzt',
    explain: 'Ein Vermerk sagt, was gemessen wurde und wie lange. Er ist kein Urteil.',
  },
  break: {
    begin: 'Pause beginnen',
    end: 'Pause beenden, Kamera einschalten',
    status: 'In der Pause',
    text: 'Die Kamera ist aus. Im Bericht steht diese Zeit als Pause; sie zählt nicht gegen Sie.',
    since: 'Seit {duration}',
  },
  messages: { title: 'Nachricht der Aufsicht', read: 'Gelesen' },
  delivery: {
    none: 'Die Übertragung beginnt',
    delivered: 'Alles ist übertragen',
    underway: 'Wird übertragen, {count} unterwegs',
    opening: 'Verbindung zum Server wird aufgebaut',
    paused: 'Der Server bat um eine Pause; {count} warten hier',
    offline: 'Offline. Machen Sie mit der Prüfung weiter; {count} warten auf diesem Gerät',
    waiting: 'Gerade keine Verbindung. Machen Sie mit der Prüfung weiter; {count} warten auf diesem Gerät',
    expired:
      'Ihr Zugang ist abgelaufen und wird neu angefragt. Machen Sie mit der Prüfung weiter; {count} warten auf diesem Gerät',
    replaced:
      'Die Sitzung geht in einem anderen Fenster oder auf einem anderen Gerät weiter. Von hier wird nichts mehr angenommen',
    refused:
      'Der Server nimmt von hier keine Messwerte mehr an. Machen Sie mit der Prüfung weiter und sagen Sie der Aufsicht Bescheid',
    lost: '{count} Messwerte konnten nicht aufbewahrt werden',
    memory: 'Dieser Browser bewahrt nichts für die Seite auf: Beim Neuladen ginge verloren, was noch wartet.',
  },
  ending: {
    title: 'Die Prüfung wird beendet',
    text: 'Die Kamera ist aus. Die letzten Messwerte werden übertragen.',
  },
  stopped: { title: 'Die Kamera ist aus', text: 'Es wird nichts mehr gelesen, und alles ist übertragen.' },
  undelivered: {
    title: 'Einige Messwerte sind noch nicht angekommen',
    text: '{count} Messwerte sind noch auf diesem Gerät, weil der Server nicht erreichbar war. Der Browser behält sie, bis diese Seite mit Verbindung wieder geöffnet wird. Bitte öffnen Sie sie bald, in den nächsten Tagen: Browser löschen alte Daten.',
  },
  over: {
    title: 'Diese Sitzung ist zu Ende',
    text: 'Sie wurde hier oder von einer verantwortlichen Person beendet. Es wird nichts mehr gelesen.',
  },
  notStarted: {
    title: 'Die Sitzung konnte nicht beginnen',
    text: 'Der Server ist gerade nicht erreichbar oder hat es nicht angenommen. Nichts ist verloren; bitte versuchen Sie es noch einmal.',
  },
  failed: {
    camera: 'Die Kamera konnte nicht eingeschaltet werden',
    elsewhere: 'Die Sitzung ist in einem anderen Tab offen',
    replaced: 'Die Prüfung läuft woanders weiter',
    other: 'So kann die Sitzung nicht weitergehen',
  },
  takeBack: 'Hier weitermachen',
  again: 'Noch einmal versuchen',
  failures: failureTextsDe,
};
