import { Router, static as serve } from 'express';

export interface StaticRouterOptions {
  modelsDir: string;
  demoDir: string;
}

const yearSeconds = 31_536_000;

/**
 * The model weights at `/models` and the built pages at `/`. Pages are revalidated; files with a hash in their name, or
 * verified by one, are not.
 */
export const staticRouter = ({ modelsDir, demoDir }: StaticRouterOptions): Router => {
  const router = Router();
  router.use(
    '/models',
    serve(modelsDir, { immutable: true, maxAge: yearSeconds * 1000, index: false, fallthrough: true }),
  );
  router.use('/assets', serve(`${demoDir}/assets`, { immutable: true, maxAge: yearSeconds * 1000, index: false }));
  router.use(
    serve(demoDir, {
      cacheControl: false,
      extensions: ['html'],
      setHeaders: (response) => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  return router;
};
