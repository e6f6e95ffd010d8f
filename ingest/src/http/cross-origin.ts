import type { RequestHandler } from 'express';
import { isOriginAllowed } from '../realtime/origin-policy.ts';
import { HttpProblem } from './problem-answer.ts';

/**
 * Lets the listed origins use the API, and keeps other pages from making a visitor's browser change anything: without tokens
 * (AUTH=dev) the origin is all that tells them apart.
 */
export const crossOrigin =
  (allowedOrigins: readonly string[]): RequestHandler =>
  (request, response, next) => {
    const { origin, host } = request.headers;
    response.vary('Origin');
    if (!isOriginAllowed(origin, host, allowedOrigins)) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        throw new HttpProblem('ACCESS_DENIED', 'this web origin is not allowed (ALLOWED_ORIGINS)');
      }
      return next();
    }
    if (origin !== undefined) {
      response.set('Access-Control-Allow-Origin', origin);
      response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    if (request.method !== 'OPTIONS') return next();
    response.set('Access-Control-Allow-Methods', 'GET, POST');
    response.set('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.set('Access-Control-Max-Age', '600');
    response.status(204).end();
  };
