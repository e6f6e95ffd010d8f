import type { ExamChoice } from '../../lti/deep-linking.ts';
import { escapeHtml, pageOf } from '../middleware/plain-page.ts';
import type { PageLanguage } from '../middleware/plain-page.ts';

const texts = {
  en: {
    title: 'Choose an exam for your course',
    created: 'A new exam',
    name: 'Title',
    minutes: 'Duration in minutes (optional)',
    untitled: 'Untitled exam',
    add: 'Add to the course',
    cancel: 'Cancel',
    statuses: { SCHEDULED: 'scheduled', WAITING: 'waiting room open', IN_PROGRESS: 'in progress' },
  },
  de: {
    title: 'Eine Prüfung für den Kurs wählen',
    created: 'Eine neue Prüfung',
    name: 'Titel',
    minutes: 'Dauer in Minuten (freiwillig)',
    untitled: 'Prüfung ohne Titel',
    add: 'Zum Kurs hinzufügen',
    cancel: 'Abbrechen',
    statuses: { SCHEDULED: 'geplant', WAITING: 'Warteraum offen', IN_PROGRESS: 'läuft' },
  },
  es: {
    title: 'Elegir un examen para el curso',
    created: 'Un examen nuevo',
    name: 'Título',
    minutes: 'Duración en minutos (opcional)',
    untitled: 'Examen sin título',
    add: 'Añadir al curso',
    cancel: 'Cancelar',
    statuses: { SCHEDULED: 'programado', WAITING: 'sala de espera abierta', IN_PROGRESS: 'en curso' },
  },
} as const;

/** Of a new exam. */
export const maxMinutes = 1440;
export const maxTitleLength = 200;

/** Lets a teacher choose or create the exam of a new link in a course. It needs neither cookies nor scripts. */
export const choicePage = ({ request, title, exams }: ExamChoice, language: PageLanguage): string => {
  const words = texts[language];
  const known = exams.map(({ examId, title: name, status }) => {
    const state = status in words.statuses ? words.statuses[status as keyof typeof words.statuses] : '';
    return `<label><input type="radio" name="exam" value="${escapeHtml(examId)}" /> ${escapeHtml(name ?? words.untitled)} (${state})</label>`;
  });
  return pageOf(
    language,
    words.title,
    `<form method="post" action="/lti/deep-linking">
        <input type="hidden" name="request" value="${escapeHtml(request)}" />
        <fieldset>
          <label><input type="radio" name="exam" value="" checked /> ${words.created}</label>
          <label>${words.name} <input name="title" maxlength="${maxTitleLength}" value="${escapeHtml(title ?? '')}" /></label>
          <label>${words.minutes} <input name="minutes" type="number" min="1" max="${maxMinutes}" /></label>
          ${known.join('\n          ')}
        </fieldset>
        <button name="action" value="add">${words.add}</button>
        <button name="action" value="cancel" formnovalidate>${words.cancel}</button>
      </form>`,
  );
};
