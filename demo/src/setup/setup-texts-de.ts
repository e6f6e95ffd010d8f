import type { SetupTexts } from './setup-texts.ts';

export const setupTextsDe: SetupTexts = {
  newTitle: 'Neue Prüfung',
  editTitle: (title) => `Einrichten: ${title}`,
  copyTitle: (title) => `Duplizieren: ${title}`,
  copyOf: (title) => `${title} (Kopie)`,
  back: 'Alle Prüfungen',
  toExam: 'Zur Prüfung',
  loading: 'Wird geladen …',
  untitled: 'Prüfung ohne Titel',
  opened:
    'Der Warteraum wurde geöffnet, und Teilnehmende haben diese Regeln vielleicht schon gelesen. Ändern lassen sich nur noch Titel, Zahl der Fragen und Lehrkräfte.',
  over: 'Die Prüfung ist vorbei. Ihre Einstellungen lassen sich nicht mehr ändern.',
  groups: {
    exam: 'Prüfung',
    people: 'Lehrkräfte und Veranstalter',
    proctors: 'Was die Aufsicht sieht',
    students: 'Was Teilnehmende dürfen',
    browser: 'Browser',
    review: 'Berichte und Durchsicht',
    data: 'Daten',
  },
  fields: {
    title: { name: 'Titel', hint: 'Steht auf den Seiten der Teilnehmenden und in jedem Bericht.' },
    scheduledAt: { name: 'Geplanter Beginn', hint: 'Nur zur Information: Sie starten die Prüfung selbst.' },
    minutes: { name: 'Dauer in Minuten', hint: 'Leer lassen, wenn die Prüfung läuft, bis Sie sie beenden.' },
    questions: { name: 'Zahl der Fragen', hint: 'Damit zeigt die Übersicht, wie viele Fragen beantwortet sind.' },
    examUrl: {
      name: 'Adresse der Fragen',
      hint: 'Dort geht es nach dem Kameratest weiter. Leer lassen für die eingebaute Seite.',
    },
    teachers: {
      name: 'Lehrkräfte',
      hint: 'Benutzernamen aller, die diese Prüfung leiten und ihre Berichte lesen dürfen, durch Kommas getrennt.',
    },
    organiserName: { name: 'Veranstalter', hint: 'Teilnehmende lesen diesen Namen, bevor sie einwilligen.' },
    organiserContact: {
      name: 'Kontakt für Teilnehmende',
      hint: 'E-Mail-Adresse, Telefonnummer oder Webadresse für Fragen und Einwände.',
    },
    privacyUrl: { name: 'Adresse der Datenschutzerklärung', hint: 'Wird bei der Einwilligung verlinkt.' },
    liveView: { name: 'Live-Ansicht', hint: 'Was die Aufsicht während der Prüfung sieht.' },
    alertThumbnails: {
      name: 'Hinweisen ein Vorschaubild beifügen',
      hint: 'Ein kleines Bild je Hinweis. Es bleibt im Arbeitsspeicher und wird nie auf die Festplatte geschrieben.',
    },
    sentinelImages: {
      name: 'Bilder eines eigenen Sentinel-Programms weiterleiten',
      hint: 'Nur für Schulen, die eines auf den Rechnern der Teilnehmenden installiert haben.',
    },
    breaks: {
      name: 'Pausen erlauben',
      hint: 'Teilnehmende können die Beobachtung unterbrechen; der Bericht führt die Pausen auf.',
    },
    chat: {
      name: 'Nachrichten an die Aufsicht erlauben',
      hint: 'Teilnehmende können während der Prüfung um Hilfe bitten. Ihre Nachrichten kommen in jedem Fall an.',
    },
    phoneCamera: {
      name: 'Ein Telefon als Kamera erlauben',
      hint: 'Teilnehmende scannen einen QR-Code. Dieselbe Auswertung läuft auf dem Telefon, das nur Messwerte sendet. Der Bericht nennt, wann ein Telefon benutzt wurde.',
    },
    withoutCamera: {
      name: 'Teilnahme ohne funktionierende Kamera erlauben',
      hint: 'Der Bericht nennt diese Zeit „nicht beobachtet“. Sie wird niemandem angelastet.',
    },
    withoutAnalysis: {
      name: 'Browser erlauben, die keine Bilder auswerten können',
      hint: 'Der Bericht nennt diese Zeit „nicht beobachtet“. Sie wird niemandem angelastet.',
    },
    withoutStorage: {
      name: 'Browser ohne Speicher erlauben',
      hint: 'Wird die Seite ohne Verbindung neu geladen, gehen noch nicht gesendete Messwerte verloren.',
    },
    withoutLock: {
      name: 'Browser erlauben, die einen zweiten Tab nicht erkennen',
      hint: 'Dieselbe Sitzung könnte dann in zwei Tabs offen sein.',
    },
    safeExamBrowser: {
      name: 'Safe Exam Browser verlangen',
      hint: 'Studierende öffnen die Prüfung mit einer Konfiguration dieses Servers; andere Browser werden abgewiesen.',
    },
    sebConfigKeys: {
      name: 'Config Keys eigener Konfigurationen',
      hint: 'Je 64 hexadezimale Ziffern, durch Kommas getrennt. Die Konfiguration dieses Servers wird immer angenommen.',
    },
    sebBrowserExamKeys: {
      name: 'Browser Exam Keys',
      hint: 'Einer für jede zugelassene Version des Safe Exam Browser, durch Kommas getrennt. Leer: jede Version.',
    },
    reportToStudent: {
      name: 'Teilnehmende dürfen ihren eigenen Bericht lesen',
      hint: 'Sie können darin auch Beobachtungen anfechten.',
    },
    history: {
      name: 'Berichte in den Verlauf der Teilnehmenden aufnehmen',
      hint: 'Wer mehrere Prüfungen leitet, kann dann die Berichte einer Person nebeneinander sehen. Teilnehmende lesen das, bevor sie einwilligen.',
    },
    reviewers: {
      name: 'Prüfende je Bericht',
      hint: 'Bei zweien gilt ein Bericht als durchgesehen, wenn beide entschieden haben.',
    },
    rulesVersion: {
      name: 'Version der Regeln',
      hint: 'Eine frühere Version wählen, um mit früheren Prüfungen zu vergleichen.',
    },
    framesDays: {
      name: 'Messwerte aufbewahren (Tage)',
      hint: 'Ab dem Ende der Prüfung. Leer lassen, um sie bis zum Löschen von Hand zu behalten.',
    },
    reportsDays: {
      name: 'Berichte aufbewahren (Tage)',
      hint: 'Ab dem Ende der Prüfung. Leer lassen, um sie bis zum Löschen von Hand zu behalten.',
    },
    webhookUrl: {
      name: 'Webhook-Adresse',
      hint: 'Erhält Beginn und Ende von Sitzungen, Hinweise, Berichte und Entscheidungen. Muss mit https:// beginnen.',
    },
    webhookFormat: {
      name: 'Format der Webhooks',
      hint: 'xAPI-Statements sind für einen Learning Record Store.',
    },
  },
  choices: {
    liveView: { numbers: 'Nur Messwerte', thumbnails: 'Messwerte und Vorschaubilder', none: 'Aus' },
    reviewers: { '1': 'Eine Person', '2': 'Zwei Personen' },
    webhookFormat: { invigil: 'Invigil', xapi: 'xAPI-Statements' },
    currentRules: 'Aktuelle Version',
    rules: (version) => `Version ${version}`,
  },
  webhookSecret: 'Geheimnis, mit dem die Webhooks signiert werden:',
  withStudents: (count) =>
    count === 1
      ? 'Auch die eingetragene Person mit ihren Nachteilsausgleichen übernehmen'
      : `Auch die ${count} Teilnehmenden mit ihren Nachteilsausgleichen übernehmen`,
  create: 'Prüfung anlegen',
  save: 'Änderungen speichern',
  saved: 'Gespeichert.',
  notCopied: (count) =>
    `Die Prüfung wurde angelegt, aber ${count} Teilnehmende oder Nachteilsausgleiche konnten nicht übernommen werden.`,
  duplicate: 'Prüfung duplizieren',
  remove: {
    open: 'Prüfung löschen',
    sure: (title, students) =>
      `„${title}“ löschen? Gelöscht werden die Einstellungen, ${students === 1 ? '1 Anmeldung' : `${students} Anmeldungen`} mit allen Nachteilsausgleichen und alle persönlichen Links. Das lässt sich nicht rückgängig machen.`,
    yes: 'Prüfung löschen',
    no: 'Behalten',
    why: 'Löschen lässt sich nur eine Prüfung ohne Sitzungen. Berichte werden am Ende ihrer Aufbewahrungsfrist oder auf Wunsch der Betroffenen gelöscht.',
  },
  roster: {
    title: (count) => `Teilnehmende (${count})`,
    none: 'Noch keine Teilnehmenden. Fügen Sie sie aus einer Datei hinzu, oder tippen Sie sie auf der Seite der Prüfung ein.',
    table: 'Teilnehmende dieser Prüfung',
    student: 'Name',
    number: 'Nummer',
    extraTime: 'Zeitzugabe',
    minutes: (minutes) => `${minutes} min`,
    accommodations: 'Nachteilsausgleiche',
    actions: 'Aktionen',
    noAccommodations: 'keine',
    edit: 'Nachteilsausgleiche',
    editLabel: (name) => `Nachteilsausgleiche für ${name}`,
    remove: 'Entfernen',
    removeLabel: (name) => `${name} entfernen`,
    removeSure: (name) =>
      `${name} aus dieser Prüfung entfernen? Auch der persönliche Link und die Nachteilsausgleiche werden gelöscht.`,
    removeYes: 'Aus der Prüfung entfernen',
    no: 'Zurück',
    removed: (name) => `${name} wurde entfernt.`,
  },
  file: {
    title: 'Teilnehmende aus einer CSV-Datei hinzufügen',
    hint: 'Eine Person je Zeile, mit Nummer und Name. Eine Kopfzeile wird erkannt. Hinzugefügt wird erst, wenn Sie bestätigen.',
    choose: 'CSV-Datei',
    unreadable:
      'Diese Datei lässt sich nicht als Text lesen. Speichern Sie sie als CSV (UTF-8), und versuchen Sie es noch einmal.',
    empty: 'Diese Datei enthält keine Teilnehmenden.',
    preview: (name) => `Vorschau von ${name}`,
    line: 'Zeile',
    outcome: 'Ergebnis',
    isNew: 'wird hinzugefügt',
    renamed: (name) => `schon angemeldet; der Name war ${name}`,
    same: 'schon angemeldet',
    problems: {
      no_number: 'keine Nummer',
      bad_number: 'keine gültige Nummer (Buchstaben, Ziffern und _ - . ~ @, keine Leerzeichen)',
      repeated: 'dieselbe Nummer wie eine frühere Zeile',
      long_name: 'der Name hat mehr als 200 Zeichen',
      quotes: 'ein Anführungszeichen fehlt',
    },
    summary: (valid, wrong) =>
      `${valid === 1 ? '1 Person kann' : `${valid} Teilnehmende können`} hinzugefügt werden.${wrong === 0 ? '' : ` Zeilen mit Fehlern: ${wrong}.`}`,
    tooMany: (max) => `Eine Datei darf höchstens ${max} Teilnehmende enthalten.`,
    confirm: (count) => (count === 1 ? '1 Person hinzufügen' : `${count} Teilnehmende hinzufügen`),
    discard: 'Verwerfen',
    added: (count) => (count === 1 ? '1 Person wurde hinzugefügt.' : `${count} Teilnehmende wurden hinzugefügt.`),
  },
  accommodations: {
    title: (name) => `Nachteilsausgleiche für ${name}`,
    hint: 'Ein Nachteilsausgleich schaltet für diese Person Regeln aus oder lässt sie länger warten. Der Bericht nennt ihn beim Namen.',
    name: 'Name',
    nameHint: 'So, wie er im Bericht stehen soll, etwa „liest laut“.',
    rules: 'Regeln',
    usual: 'wie üblich',
    longer: (factor) => `wartet ${factor}-mal so lange`,
    off: 'aus',
    add: 'Nachteilsausgleich hinzufügen',
    drop: 'Diesen Nachteilsausgleich entfernen',
    extraTime: 'Zeitzugabe hinzufügen (Minuten)',
    extraTimeHas: (minutes) =>
      `Diese Person hat ${minutes} Minuten Zeitzugabe. Zurücknehmen können Sie Zeit auf der Seite der Prüfung.`,
    noLimit: 'Die Prüfung hat keine Zeitgrenze, also gibt es keine Zeitzugabe.',
    save: 'Speichern',
    close: 'Schließen ohne zu speichern',
  },
};
