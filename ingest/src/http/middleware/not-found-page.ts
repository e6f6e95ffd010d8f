import { plainPage } from './plain-page.ts';
import type { PageLanguage } from './plain-page.ts';

const texts = {
  en: {
    title: 'There is no page at this address',
    text: 'The link may be mistyped or out of date. Ask the person who gave it to you.',
    link: 'Go to the start page',
  },
  de: {
    title: 'Unter dieser Adresse gibt es keine Seite',
    text: 'Vielleicht ist der Link verschrieben oder veraltet. Fragen Sie die Person, von der Sie ihn haben.',
    link: 'Zur Startseite',
  },
  es: {
    title: 'No hay ninguna página en esta dirección',
    text: 'Quizá el enlace esté mal escrito o sea antiguo. Pregunte a la persona que se lo dio.',
    link: 'Ir al inicio',
  },
} as const;

/** The 404 page for browsers. */
export const notFoundPage = (language: PageLanguage): string => plainPage(language, texts[language], '/');
