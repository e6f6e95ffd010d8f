import type { RequestHandler } from 'express';
import { HttpProblem } from '../problems/http-problem.ts';

/** Runs after all routes: answers 405 with `Allow` if the path exists with other methods. */
export const methodNotAllowed =
  (allowedMethodsOf: (path: string) => string[]): RequestHandler =>
  (request, response, next) => {
    const allowed = allowedMethodsOf(request.path);
    if (allowed.length === 0 || allowed.includes(request.method)) return next();
    response.set('Allow', allowed.join(', '));
    throw new HttpProblem(
      'METHOD_NOT_ALLOWED',
      `${request.method} is not allowed on this path; allowed: ${allowed.join(', ')}`,
    );
  };
