import express, { Router } from 'express';
import type { Settings } from './settings.ts';

/**
 * Strict: no inline scripts, and no hosts other than the proctoring server. Workers use the policy of their own script.
 */
const contentPolicy = (proctorUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    `connect-src 'self' ${proctorUrl} ${proctorUrl.replace(/^http/, 'ws')}`,
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The exam's pages, the engine's files, and the address of the proctoring server. */
export const pages = ({ pages: folder, assets, proctorUrl }: Settings): Router => {
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', contentPolicy(proctorUrl));
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Permissions-Policy', 'camera=(self), fullscreen=(self)');
    next();
  });
  router.get('/settings.json', (_request, response) => {
    response.json({ proctorUrl });
  });
  // Browsers ask for it; the example has none.
  router.get('/favicon.ico', (_request, response) => {
    response.status(204).end();
  });
  if (assets !== null) router.use('/invigil', express.static(assets));
  if (folder !== null) router.use(express.static(folder));
  return router;
};
