import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Router } from 'express';
import { referencePage } from './reference-page.ts';

export interface DescriptionRouterOptions {
  /** Each is called once, on the first request that needs it, while students may be sending frames: none may block the event loop. */
  openapi: () => Promise<object>;
  asyncapi: () => Promise<object>;
  /** Both in one document, for the page. */
  reference: () => Promise<object>;
}

const cacheControl = 'public, max-age=300';
const foreignLogo = 'https://cdn.redoc.ly/redoc/logo-mini.svg';
const scriptPath = '/docs/redoc.js';
const documentPath = '/docs/reference.json';

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
};

/** `/openapi.json`, `/asyncapi.json`, and both as a page at `/docs` with the files that it loads. */
export const descriptionRouter = ({ openapi, asyncapi, reference }: DescriptionRouterOptions): Router => {
  const router = Router();
  const documents = { '/openapi.json': openapi, '/asyncapi.json': asyncapi };
  for (const [path, document] of Object.entries(documents)) {
    const text = once(async () => JSON.stringify(await document()));
    router.get(path, async (_request, response) => {
      const sent = await text();
      response.set('Cache-Control', cacheControl).type('json').send(sent);
    });
  }

  router.get('/docs', (_request, response) => {
    response.set('Cache-Control', cacheControl).type('html').send(referencePage(scriptPath, documentPath));
  });
  // Files of the page, not routes of the API.
  const referenceText = once(async () => JSON.stringify(await reference()));
  router.use(documentPath, async (_request, response) => {
    const sent = await referenceText();
    response.set('Cache-Control', cacheControl).type('json').send(sent);
  });
  const { resolve } = createRequire(import.meta.url);
  // Redoc has no option for the logo in its footer; ours keeps the page from asking another host.
  const script = once(() =>
    readFileSync(resolve('redoc/bundles/redoc.standalone.js'), 'utf8').replaceAll(foreignLogo, '/icon.svg'),
  );
  router.use(scriptPath, (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type('js').send(script());
  });
  return router;
};
