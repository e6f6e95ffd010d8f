import { failureTextsDe } from '../../i18n/failure-texts-de.ts';
import type { ElementTexts } from './element-texts.ts';

export const elementTextsDe: ElementTexts = {
  title: 'Aufsicht',
  preview: 'Ihr Kamerabild.',
  consent: {
    title: 'Bevor die Kamera eingeschaltet wird',
    resume:
      'Diese Sitzung hat bereits begonnen. Wenn Sie weitermachen, wird sie dort fortgesetzt, wo sie unterbrochen wurde.',
    read: {
      name: 'Was gemessen wird',
      text: 'Etwa fünfmal pro Sekunde wertet Ihr Browser das Kamerabild aus: wie viele Gesichter zu sehen sind, wohin Kopf und Augen gerichtet sind, ob Hände oder ein Telefon zu sehen sind, wie hell und scharf das Bild ist. Er vermerkt auch, wenn ein anderer Tab oder ein anderes Fenster im Vordergrund ist und wenn Sie kopieren oder einfügen, aber nie den Inhalt.',
    },
    sent: {
      name: 'Was gesendet wird',
      text: 'Nur diese Zahlen, kein Ton. Bilder bleiben auf diesem Gerät, außer wenn die Regeln dieser Prüfung der Aufsicht erlauben, sie zu sehen. Dann wird alle zwei Sekunden ein kleines Bild gesendet, solange die Aufsicht zusieht, oder ein einzelnes, wenn sie einen Hinweis erhält. Bilder werden nicht gespeichert, und diese Seite zeigt jedes Senden an.',
      never: 'Nur diese Zahlen. Bilder bleiben auf diesem Gerät, und Ton wird nicht aufgenommen.',
      watched:
        'Diese Zahlen. Solange die Aufsicht zusieht, wird außerdem alle zwei Sekunden ein kleines Bild gesendet. Bilder werden nicht gespeichert, und diese Seite zeigt jedes Senden an. Ton wird nicht aufgenommen.',
      alerts:
        'Diese Zahlen. Erhält die Aufsicht einen Hinweis, wird außerdem ein kleines Bild mitgesendet. Bilder werden nicht gespeichert, und diese Seite zählt sie. Ton wird nicht aufgenommen.',
      both: 'Diese Zahlen. Solange die Aufsicht zusieht, wird außerdem alle zwei Sekunden ein kleines Bild gesendet, sonst eines mit jedem Hinweis. Bilder werden nicht gespeichert, und diese Seite zeigt jedes Senden an. Ton wird nicht aufgenommen.',
    },
    seen: {
      name: 'Wer die Daten sieht',
      text: 'Ein Mensch liest den Bericht. Zeiten, in denen die Kamera schlecht sieht, stehen dort als „nicht beobachtet“; sie zählen nicht gegen Sie.',
      live: 'Die Aufsicht dieser Prüfung kann die Zahlen während der Prüfung sehen.',
      notLive: 'Während der Prüfung sieht niemand die Zahlen an.',
      ownReport: 'Sie können Ihren Bericht danach lesen und ihm widersprechen.',
      noReport: 'Der Veranstalter zeigt die Berichte nicht; Sie können eine Kopie Ihrer Daten verlangen.',
      history: 'Ihre Lehrkräfte können diesen Bericht neben denen Ihrer anderen Prüfungen sehen.',
    },
    kept: {
      name: 'Wie lange die Daten aufbewahrt werden',
      text: 'Das legt der Veranstalter der Prüfung fest. Er kann Ihnen auch sagen, wie Sie Ihre Daten löschen lassen.',
      exactly:
        'Messwerte: {frames}. Bericht: {reports}. Danach werden sie gelöscht. Sie können Ihre Daten nach der Prüfung herunterladen und verlangen, dass sie früher gelöscht werden.',
      days: '{days} Tage nach der Prüfung',
      day: 'einen Tag nach der Prüfung',
      atOnce: 'bis zum Ende der Prüfung',
      byHand: 'bis der Veranstalter sie löscht',
    },
    numbers: 'Alle Messwerte',
    download: 'Die Bildauswertung, etwa 30 MB, wird einmal geladen und bleibt dann in Ihrem Browser.',
    agree: 'Ich bin einverstanden, Kamera einschalten',
    goOn: 'Weiter, Kamera einschalten',
    decline: 'Ich bin nicht einverstanden',
  },
  organiser: { name: 'Wer die Prüfung veranstaltet', privacy: 'Datenschutzhinweise' },
  declined: {
    title: 'Sie haben nicht zugestimmt',
    text: 'Die Kamera bleibt aus, und es wurde nichts aufgezeichnet oder gesendet. Ohne Kamera können Sie die Prüfung hier nicht ablegen. Fragen Sie den Veranstalter, ob es auf anderem Weg möglich ist.',
    back: 'Zurück',
  },
  images: {
    cameraOff: 'Die Kamera ist aus: Es werden keine Bilder gesendet.',
    never: 'In dieser Prüfung werden keine Bilder gesendet.',
    offline: 'Keine Verbindung: Es werden gerade keine Bilder gesendet.',
    watched: 'Die Aufsicht sieht gerade zu: Alle zwei Sekunden wird ein kleines Bild gesendet.',
    noneNow: 'Zurzeit werden keine Bilder gesendet.',
    noneNowButAlerts: 'Zurzeit werden keine Bilder gesendet. Bei einem Hinweis kann eines gesendet werden.',
    sendingShort: 'Bild wird gesendet',
  },
  help: {
    ask: 'Hilfe anfordern',
    label: 'Was brauchen Sie?',
    send: 'An die Aufsicht senden',
    cancel: 'Abbrechen',
    sent: 'Ihre Anfrage wurde gesendet. Die Aufsicht antwortet hier.',
    failed: 'Das ließ sich nicht senden. Bitte versuchen Sie es noch einmal.',
  },
  reply: {
    ask: 'Antworten',
    label: 'Ihre Antwort',
    sent: 'Ihre Antwort wurde gesendet.',
  },
  preparing: {
    title: 'Die Bildauswertung wird vorbereitet',
    text: 'Ihr Browser fragt jetzt vielleicht nach der Kamera. Bitte erlauben Sie sie: Die Prüfung beginnt, sobald die Bildauswertung bereit ist und Sie sieht.',
    session: 'Die Sitzung beginnt',
    models: 'Wird geladen',
    warmUp: 'Wird getestet',
    amount: '{loaded} von {total} MB',
  },
  cameraWaiting: {
    permission: {
      title: 'Kamera erlauben',
      text: 'Ihr Browser fragt, ob diese Seite die Kamera benutzen darf. Wählen Sie „Zulassen“, meist oben im Fenster.',
      button: 'Noch einmal fragen',
    },
    device: {
      title: 'Die Kamera antwortet nicht',
      text: 'Diese Seite darf die Kamera benutzen, aber die Kamera liefert keine Bilder. Schließen Sie andere Programme, die sie benutzen, oder stecken Sie sie neu an.',
      button: 'Noch einmal versuchen',
    },
    touch: {
      title: 'Zum Fortfahren hier tippen',
      text: 'Der Browser startet die Kamera erst, wenn Sie tippen.',
      button: 'Zum Fortfahren hier tippen',
    },
  },
  panel: {
    starting: 'Wird gestartet',
    observed: 'Beobachtet',
    notObserved: 'Nicht beobachtet: {reason}',
    elapsed: 'Zeit',
    left: 'Restzeit',
    short: {
      notObserved: 'Nicht beobachtet',
      paused: 'Server ausgelastet',
      offline: 'Offline',
      waiting: 'Keine Verbindung',
      expired: 'Zugang wird erneuert',
      replaced: 'Anderswo fortgesetzt',
      refused: 'Nicht angenommen',
    },
    more: 'Details',
    less: 'Schließen',
    pictures: 'Bisher gesendete kleine Bilder: {count}',
    missing: 'Auf diesem Gerät nicht erkennbar: {names}. Das zählt nicht gegen Sie.',
    phone: 'Telefone',
    hands: 'Hände',
    numbers: 'Aktuelle Messwerte',
    notes: 'Bisherige Vermerke',
    noNotes: 'Bisher nichts.',
    running: 'jetzt',
    explain: 'Ein Vermerk zeigt, was gemessen wurde und wie lange. Er ist kein Urteil.',
  },
  camera: { label: 'Kamera', choose: 'Kamera wählen', infrared: 'Infrarot', virtual: 'virtuell' },
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
    delivered: 'Alles wurde übertragen',
    underway: 'Wird übertragen, {count} unterwegs',
    opening: 'Verbindung zum Server wird aufgebaut',
    paused: 'Der Server ist ausgelastet; {count} Messwerte warten auf diesem Gerät',
    offline: 'Offline. Machen Sie mit der Prüfung weiter; {count} Messwerte warten auf diesem Gerät',
    waiting: 'Zurzeit keine Verbindung. Machen Sie mit der Prüfung weiter; {count} Messwerte warten auf diesem Gerät',
    expired:
      'Ihr Zugang ist abgelaufen und wird erneuert. Machen Sie mit der Prüfung weiter; {count} Messwerte warten auf diesem Gerät',
    replaced:
      'Die Sitzung wird in einem anderen Fenster oder auf einem anderen Gerät fortgesetzt. Von hier wird nichts mehr gesendet',
    refused:
      'Der Server nimmt von hier keine Messwerte mehr an. Machen Sie mit der Prüfung weiter und sagen Sie der Aufsicht Bescheid',
    lost: '{count} Messwerte konnten nicht gespeichert werden',
    memory:
      'Dieser Browser kann für diese Seite nichts speichern. Laden Sie sie nicht neu, sonst gehen noch nicht gesendete Messwerte verloren.',
  },
  ending: {
    title: 'Die Prüfung wird beendet',
    text: 'Die Kamera ist aus. Die letzten Messwerte werden übertragen.',
  },
  stopped: { title: 'Die Kamera ist aus', text: 'Es wird nichts mehr gemessen, und alles ist übertragen.' },
  undelivered: {
    title: 'Einige Messwerte sind noch nicht angekommen',
    text: '{count} Messwerte sind noch auf diesem Gerät, weil der Server nicht erreichbar war. Bitte öffnen Sie diese Seite in den nächsten Tagen wieder mit Verbindung: Browser löschen alte Daten.',
    send: 'Jetzt senden',
  },
  over: {
    title: 'Diese Sitzung ist beendet',
    text: 'Sie oder die Aufsicht haben sie beendet. Es wird nichts mehr gemessen.',
  },
  notStarted: {
    title: 'Die Sitzung konnte nicht gestartet werden',
    text: 'Der Server ist nicht erreichbar oder hat die Sitzung nicht angenommen. Nichts ist verloren; bitte versuchen Sie es noch einmal.',
  },
  failed: {
    camera: 'Die Kamera konnte nicht eingeschaltet werden',
    elsewhere: 'Die Sitzung ist in einem anderen Tab offen',
    replaced: 'Die Sitzung wird anderswo fortgesetzt',
    other: 'Die Sitzung kann nicht fortgesetzt werden',
  },
  without: {
    camera: {
      required:
        'Diese Prüfung verlangt eine Kamera. Können Sie keine einschalten, informieren Sie die Prüfungsorganisation.',
      continue:
        'Diese Prüfung ist auch ohne Kamera möglich. Im Bericht steht die Zeit als nicht beobachtet; das zählt nicht gegen Sie.',
      begin: 'Ohne Kamera weitermachen',
      text: 'Sie schreiben die Prüfung ohne Kamera. Im Bericht steht diese Zeit als nicht beobachtet; das zählt nicht gegen Sie.',
      retry: 'Kamera versuchen',
    },
    image_analysis: {
      required:
        'Diese Prüfung verlangt die Bildauswertung. Funktioniert sie auf diesem Gerät nicht, informieren Sie die Prüfungsorganisation.',
      continue:
        'Diese Prüfung ist auch ohne Bildauswertung möglich. Die Kamera bleibt aus, und im Bericht steht die Zeit als nicht beobachtet; das zählt nicht gegen Sie.',
      begin: 'Ohne Bildauswertung weitermachen',
      text: 'Sie schreiben die Prüfung ohne Bildauswertung, und die Kamera ist aus. Im Bericht steht diese Zeit als nicht beobachtet; das zählt nicht gegen Sie.',
      retry: 'Bildauswertung versuchen',
    },
  },
  takeBack: 'Hier weitermachen',
  again: 'Noch einmal versuchen',
  failures: failureTextsDe,
};
