import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Headers of every response. Cross-origin isolation lets pages use threads (SharedArrayBuffer) in wasm; the content
 * security policy allows their own scripts, workers, wasm and generated images, and nothing from other origins.
 */
export const securityHeaders = (isHttps: boolean): RequestHandler[] => [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        workerSrc: ["'self'", 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", 'blob:', 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    strictTransportSecurity: isHttps,
  }),
  (_request, response, next) => {
    response.set('Permissions-Policy', 'camera=(self), microphone=(), geolocation=()');
    next();
  },
];
