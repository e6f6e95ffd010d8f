import { docsStyle } from '../../openapi/docs-style.ts';
import { html, raw } from '../../openapi/html.ts';

const words = {
  en: {
    title: 'There is no page at this address',
    text: 'The link may be mistyped or out of date. Ask whoever gave it to you.',
    link: 'To the start',
  },
  de: {
    title: 'Unter dieser Adresse gibt es keine Seite',
    text: 'Vielleicht ist der Link verschrieben oder veraltet. Fragen Sie, wer ihn Ihnen gegeben hat.',
    link: 'Zum Start',
  },
  es: {
    title: 'No hay ninguna página en esta dirección',
    text: 'Quizá el enlace está mal escrito o es antiguo. Pregunte a quien se lo dio.',
    link: 'Al inicio',
  },
} as const;

export type PageLanguage = keyof typeof words;
export const pageLanguages = Object.keys(words) as PageLanguage[];

/** For somebody who followed a link to nowhere. */
export const nothingHerePage = (language: PageLanguage): string => {
  const { title, text, link } = words[language];
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Invigil</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <style>
          ${raw(docsStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
          <p><a href="/">${link}</a></p>
        </main>
      </body>
    </html>`.html;
};
