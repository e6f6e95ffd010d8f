import type { Request } from 'express';

export const pageLanguages = ['en', 'de', 'es'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

/** The page language that the browser prefers. */
export const languageOf = (request: Request): PageLanguage => {
  const wanted = request.acceptsLanguages([...pageLanguages]);
  return pageLanguages.find((language) => language === wanted) ?? 'en';
};

const style = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
  a { color: LinkText; }
  fieldset { border: 0; padding: 0; margin: 0 0 1rem; }
  label { display: block; margin: .5rem 0; }
  input, button { font: inherit; min-height: 1.5rem; }
`;

export interface PlainPageTexts {
  title: string;
  text: string;
  link: string;
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A page with a message and one link. The texts are our own: they are not escaped. */
export const plainPage = (
  language: PageLanguage,
  { title, text, link }: PlainPageTexts,
  href: string,
  { isNewWindow = false } = {},
): string => {
  const target = isNewWindow ? ' target="_blank" rel="noopener"' : '';
  return pageOf(language, title, `<p>${text}</p>\n      <p><a href="${escapeHtml(href)}"${target}>${link}</a></p>`);
};

/** A page without scripts or stylesheets of its own. Neither title nor content is escaped. */
export const pageOf = (language: PageLanguage, title: string, content: string): string =>
  `<!doctype html>
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
      ${content}
    </main>
  </body>
</html>`;
