import { Router } from 'express';
import type { ToolKeys } from '../../lti/tool-keys.ts';

const cacheSeconds = 600;

/** `GET /.well-known/lti-keys.json`: the public keys with which platforms verify this tool's messages (JWKS). */
export const toolKeysRouter = (keys: ToolKeys): Router => {
  const router = Router();
  router.get('/.well-known/lti-keys.json', async (_request, response) => {
    const set = await keys.published();
    response.set('Cache-Control', `public, max-age=${cacheSeconds}`).json(set);
  });
  return router;
};
