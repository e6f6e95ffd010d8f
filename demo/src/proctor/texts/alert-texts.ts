import type { AlertOutcome } from '@invigil/protocol/channels';
import { inLanguage } from '../../page/language.ts';

const alertTextsEn = {
  type: 'Type of alert',
  allTypes: 'All types',
  endedAfter: (duration: string) => `ended after ${duration}`,
  began: (time: string) => `began at ${time}`,
  notConnected: 'Not sent: the connection is lost. Try again once it is back.',
  count: (count: number) => `${count} alerts`,
  outcomes: { talked_to: 'Spoke to student', false_alarm: 'False alarm' } satisfies Record<AlertOutcome, string>,
  outcomeLabel: (outcome: string, what: string, name: string) => `${outcome}: ${what}, ${name}`,
  note: 'Note',
  noteLabel: (what: string, name: string) => `Note on: ${what}, ${name}`,
  saveNote: 'Take with note',
  noteNotSaved: (by: string, what: string, name: string) =>
    `Note not saved: ${by} acknowledged “${what}, ${name}” first.`,
  discardNote: 'Discard note',
  cancel: 'Cancel',
  imageAt: (time: string) => `image at ${time}`,
  lostTitle: 'Connection lost',
  lostFor: (duration: string) => `for ${duration}`,
  notify: 'Notify me',
  notifyDenied: 'Your browser blocks notifications from this page.',
  newAlert: (what: string, name: string) => `${what}: ${name}`,
};

export type AlertTexts = typeof alertTextsEn;

const alertTextsDe: AlertTexts = {
  type: 'Art des Hinweises',
  allTypes: 'Alle Arten',
  endedAfter: (duration) => `nach ${duration} beendet`,
  began: (time) => `seit ${time} Uhr`,
  notConnected: 'Nicht gesendet: Die Verbindung ist getrennt. Versuchen Sie es erneut, sobald sie wieder steht.',
  count: (count) => `${count} Hinweise`,
  outcomes: { talked_to: 'Angesprochen', false_alarm: 'Fehlalarm' },
  outcomeLabel: (outcome, what, name) => `${outcome}: ${what}, ${name}`,
  note: 'Notiz',
  noteLabel: (what, name) => `Notiz zu: ${what}, ${name}`,
  saveNote: 'Mit Notiz übernehmen',
  noteNotSaved: (by, what, name) => `Notiz nicht gespeichert: ${by} hat „${what}, ${name}“ vorher übernommen.`,
  discardNote: 'Notiz verwerfen',
  cancel: 'Abbrechen',
  imageAt: (time) => `Bild um ${time}`,
  lostTitle: 'Verbindung getrennt',
  lostFor: (duration) => `seit ${duration}`,
  notify: 'Benachrichtigen',
  notifyDenied: 'Der Browser verbietet Benachrichtigungen von dieser Seite.',
  newAlert: (what, name) => `${what}: ${name}`,
};

const alertTextsEs: AlertTexts = {
  type: 'Tipo de aviso',
  allTypes: 'Todos los tipos',
  endedAfter: (duration) => `terminó tras ${duration}`,
  began: (time) => `desde las ${time}`,
  notConnected: 'No se envió: se perdió la conexión. Inténtelo de nuevo cuando vuelva.',
  count: (count) => `${count} avisos`,
  outcomes: { talked_to: 'Hablado', false_alarm: 'Falsa alarma' },
  outcomeLabel: (outcome, what, name) => `${outcome}: ${what}, ${name}`,
  note: 'Nota',
  noteLabel: (what, name) => `Nota sobre: ${what}, ${name}`,
  saveNote: 'Atender con nota',
  noteNotSaved: (by, what, name) => `La nota no se guardó: ${by} atendió antes «${what}, ${name}».`,
  discardNote: 'Descartar nota',
  cancel: 'Cancelar',
  imageAt: (time) => `imagen a las ${time}`,
  lostTitle: 'Conexión perdida',
  lostFor: (duration) => `desde hace ${duration}`,
  notify: 'Notificarme',
  notifyDenied: 'El navegador bloquea las notificaciones de esta página.',
  newAlert: (what, name) => `${what}: ${name}`,
};

export const alertTexts = inLanguage<AlertTexts>({ en: alertTextsEn, de: alertTextsDe, es: alertTextsEs });
