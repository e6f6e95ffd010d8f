import type { RequestHandler } from 'express';
import { HttpProblem } from '../problems/http-problem.ts';

/** After all routes: answers 405 with `Allow` where the path has other methods than the request's. */
export const methodNotAllowed =
  (allowedMethodsOf: (path: string) => string[]): RequestHandler =>
  (request, response, next) => {
    const allowed = allowedMethodsOf(request.path);
    if (allowed.length === 0 || allowed.includes(request.method)) return next();
    response.set('Allow', allowed.join(', '));
    throw new HttpProblem('METHOD_NOT_ALLOWED', `this path has no ${request.method}; allowed: ${allowed.join(', ')}`);
  };
