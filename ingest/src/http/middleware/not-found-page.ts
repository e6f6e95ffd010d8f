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

export type PageLanguage = keyof typeof texts;
export const pageLanguages = Object.keys(texts) as PageLanguage[];

const style = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
  a { color: LinkText; }
`;

/** The 404 page for browsers. */
export const notFoundPage = (language: PageLanguage): string => {
  const { title, text, link } = texts[language];
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} – Invigil</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a href="/">${link}</a></p>
    </main>
  </body>
</html>`;
};
