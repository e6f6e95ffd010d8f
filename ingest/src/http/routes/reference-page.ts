/** The page at `/docs`. Redoc's script starts on the `<redoc>` element, so the page needs no inline script. */
export const referencePage = (scriptUrl: string, documentUrl: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>API reference – Invigil</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <style>
      body { margin: 0; }
      /* Redoc's own logo comes from a CDN. */
      img[src^='https:'] { display: none; }
    </style>
  </head>
  <body>
    <noscript>
      The API is described in <a href="/openapi.json">openapi.json</a> and <a href="/asyncapi.json">asyncapi.json</a>; the page that
      shows both needs JavaScript.
    </noscript>
    <redoc spec-url="${documentUrl}" native-scrollbars hide-download-button></redoc>
    <script src="${scriptUrl}"></script>
  </body>
</html>`;
