import type { RequestHandler } from 'express';
import { isHostAllowed, isOriginAllowed } from '../../realtime/origin-policy.ts';
import type { ClientAddresses } from '../../network/client-addresses.ts';
import type { OriginPolicy } from '../../realtime/origin-policy.ts';
import type { RefusedOrigins } from '../../realtime/refused-origins.ts';
import { pageHeaders } from '../../safe-exam-browser/browser-check.ts';
import { requestIdHeader } from '../../telemetry/request-id.ts';
import { HttpProblem } from '../problems/http-problem.ts';

/**
 * Forms of learning platforms, on any site; a launch is signed, and its state is tied to the browser. The other two are forms of the
 * server's own pages, for which browsers may send `Origin: null`; their routes check where they come from.
 */
const crossSitePaths: ReadonlySet<string> = new Set([
  '/lti/login',
  '/lti/launch',
  '/lti/deep-linking',
  '/lti/assessment',
]);

/**
 * Lets the listed origins use the API, and prevents other pages from making a visitor's browser change anything:
 * without tokens (AUTH=dev) only the origin distinguishes them.
 */
export const crossOrigin =
  (policy: OriginPolicy, addresses: ClientAddresses, refused: RefusedOrigins): RequestHandler =>
  (request, response, next) => {
    if (crossSitePaths.has(request.path)) return next();
    const { origin } = request.headers;
    const headers = { origin, host: addresses.hostOf(request) };
    response.vary('Origin');
    if (!isHostAllowed(headers, policy)) {
      throw new HttpProblem('ACCESS_DENIED', 'with AUTH=dev this server accepts requests to localhost only');
    }
    if (!isOriginAllowed(headers, policy)) {
      refused.add(origin);
      // A page elsewhere may link here; the browser prevents it from reading the response.
      if (request.method === 'GET' || request.method === 'HEAD') return next();
      throw new HttpProblem('ACCESS_DENIED', 'this web origin is not allowed (ALLOWED_ORIGINS)');
    }
    if (origin !== undefined) {
      response.set('Access-Control-Allow-Origin', origin);
      response.set('Access-Control-Expose-Headers', requestIdHeader);
      response.set('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    if (request.method !== 'OPTIONS') return next();
    response.set('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
    response.set(
      'Access-Control-Allow-Headers',
      [
        'Authorization',
        'Content-Type',
        requestIdHeader,
        'traceparent',
        'tracestate',
        ...Object.values(pageHeaders),
      ].join(', '),
    );
    response.set('Access-Control-Max-Age', '600');
    response.status(204).end();
  };
