import type { EvidenceTexts } from './evidence-texts.ts';

export const evidenceTextsDe: EvidenceTexts = {
  kinds: {
    live: 'Live gesehen',
    late: 'Verspätet eingetroffen',
    missing: 'Nicht beobachtet',
    bar: (live, late, missing) => `Live gesehen ${live}, verspätet eingetroffen ${late}, nicht beobachtet ${missing}`,
    amount: (duration, percent) => `${duration} (${percent})`,
    explain:
      'Live gesehen: Der Server erhielt es innerhalb von 30 Sekunden. Verspätet eingetroffen: nach einem Netzausfall geliefert, den der Server bemerkt hat; in dieser Zeit konnte niemand zusehen.',
    lateSpan: (from, duration) => `Verspätet eingetroffen ab ${from}, ${duration} lang`,
    notListed: 'Nur die ersten Lücken sind gezeichnet; die Zahlen enthalten alle.',
  },
  usual: 'für diese Person üblich',
  usualHint:
    'Das ist für diese Person üblich: Es entspricht ihrer Haltung und ihrem Blick von Anfang an. Es wird gezeigt, bringt aber keine Punkte.',
  work: {
    title: 'Antworten',
    none: 'Es wurden keine Antworten erfasst.',
    unobservedAnswers: (count) =>
      count === 1
        ? 'Eine Antwort wurde gegeben, während nicht beobachtet wurde.'
        : `${count} Antworten wurden gegeben, während nicht beobachtet wurde.`,
    unobservedHandIn: 'Die Prüfung wurde abgegeben, während nicht beobachtet wurde.',
    allObserved: 'Bei jeder Antwort wurde beobachtet.',
    question: 'Frage',
    at: 'Beantwortet um',
    time: 'Zeit seit der vorigen Antwort',
    observed: 'Dabei beobachtet',
    yes: 'ja',
    no: 'nein',
    unknownHead: 'Die Seite hat einen Prüfwert gesendet, den es in dieser Sitzung nie gab.',
    unknownHandInHead: 'Die Seite hat mit der Abgabe einen Prüfwert gesendet, den es in dieser Sitzung nie gab.',
    safeExamBrowser: {
      verified: 'Die Sitzung begann im Safe Exam Browser mit einer Konfiguration, die die Prüfung annimmt.',
      not_verified:
        'Die Prüfung verlangt den Safe Exam Browser. Eine Prüfungsplattform hat die Sitzung begonnen, deshalb hat dieser Server den Browser nicht geprüft.',
    },
    personalLink:
      'Ein persönlicher Link wurde benutzt. Wer ihn hat, kann im Namen der Person antworten; auch die Lehrkräfte der Prüfung können ihn öffnen.',
    handedIn: (at) => `Abgegeben nach ${at}.`,
    table: 'Abdeckung nach Frage',
    explain:
      'Zu jeder Frage: wie viel der Zeit seit der vorigen Antwort live gesehen wurde, verspätet eintraf oder nicht beobachtet wurde. Der übliche Grund ist eine gestörte Verbindung.',
  },
  alerts: {
    title: 'Hinweise während der Prüfung',
    none: 'Keine.',
    raised: (name, at) => `${name}, um ${at}`,
    unsupported: 'Von der abschließenden Auswertung nicht gestützt',
    reasons: {
      store_lost: 'der Server hat die Messwerte verloren, die es zeigten',
      other_rules: 'diese Regeln suchen nicht danach',
      not_in_frames: 'die abschließende Auswertung der Messwerte findet es nicht',
    },
  },
  others: {
    title: 'Weitere Sitzungen dieser Person in dieser Prüfung',
    line: (started, ended) => `${started} – ${ended}`,
    running: 'läuft noch',
  },
  counts: {
    outOfOrder: 'Messwerte in falscher Reihenfolge',
    outsideSession: 'Messwerte von vor der Sitzung oder aus der Zukunft',
    lateUnexplained: 'Messwerte, die ohne Ausfall verspätet kamen',
    constant: 'Messwerte eines Gesichts, die sich gar nicht änderten',
    repeated: 'Messwerte eines Gesichts, die frühere wiederholten',
    nearly: 'Messwerte eines Gesichts, die sich kaum änderten',
    storeLost: 'Messwerte, die der Server gespeichert und verloren hat',
    phoneCamera: 'Kamera: ein Telefon',
    phoneCameraTime: (from, to) => (to === null ? `von ${from} bis zum Ende` : `von ${from} bis ${to}`),
    clock: 'Messwerte mit korrigierter Uhr',
    withoutStorage: 'Messwerte aus einem Browser, der für die Seite nichts speicherte',
    withoutLock: 'Messwerte aus einem Browser, der einen zweiten Tab nicht ausschließen konnte',
    explain:
      'Messwerte in falscher Reihenfolge, von außerhalb der Sitzung oder ohne Grund verspätete können Beobachtungen ergeben, zählen aber nie als beobachtete Zeit. Ein lebendes Gesicht ändert sich mit jedem Messwert. Nichts davon bringt Punkte.',
  },
};
