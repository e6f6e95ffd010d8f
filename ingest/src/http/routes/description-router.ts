import { createRequire } from 'node:module';
import { Router } from 'express';
import { referencePage } from './reference-page.ts';

export interface DescriptionRouterOptions {
  /** Each is called once, on the first request that needs it. */
  openapi: () => object;
  asyncapi: () => object;
  /** Both in one document, for the page. */
  reference: () => object;
}

const cacheControl = 'public, max-age=300';
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
    const text = once(() => JSON.stringify(document()));
    router.get(path, (_request, response) => {
      response.set('Cache-Control', cacheControl).type('json').send(text());
    });
  }

  router.get('/docs', (_request, response) => {
    response.set('Cache-Control', cacheControl).type('html').send(referencePage(scriptPath, documentPath));
  });
  // Files of the page, not routes of the API.
  const referenceText = once(() => JSON.stringify(reference()));
  router.use(documentPath, (_request, response) => {
    response.set('Cache-Control', cacheControl).type('json').send(referenceText());
  });
  const { resolve } = createRequire(import.meta.url);
  const scriptFile = once(() => resolve('redoc/bundles/redoc.standalone.js'));
  router.use(scriptPath, (_request, response) => {
    response.sendFile(scriptFile(), { maxAge: '1d' });
  });
  return router;
};
