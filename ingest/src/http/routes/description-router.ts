import { Router } from 'express';
import { asyncapiDocument } from '../../openapi/asyncapi.ts';
import { docsPage } from '../../openapi/docs-page.ts';
import { openapiDocument } from '../../openapi/openapi.ts';

/** `/openapi.json`, `/asyncapi.json`, and both as a page at `/docs`. Made when somebody asks for the first time. */
export const descriptionRouter = (): Router => {
  const router = Router();
  const once = <Value>(make: () => Value): (() => Value) => {
    let made: { value: Value } | null = null;
    return () => (made ??= { value: make() }).value;
  };
  const openapi = once(openapiDocument);
  const asyncapi = once(asyncapiDocument);
  const openapiText = once(() => JSON.stringify(openapi()));
  const asyncapiText = once(() => JSON.stringify(asyncapi()));
  const page = once(() => docsPage(openapi(), asyncapi()));
  const cacheControl = 'public, max-age=300';

  router.get('/openapi.json', (_request, response) => {
    response.set('Cache-Control', cacheControl).type('json').send(openapiText());
  });
  router.get('/asyncapi.json', (_request, response) => {
    response.set('Cache-Control', cacheControl).type('json').send(asyncapiText());
  });
  router.get('/docs', (_request, response) => {
    response.set('Cache-Control', cacheControl).type('html').send(page());
  });
  return router;
};
