import { json } from 'express';
import type { RequestHandler } from 'express';
import { hasTooManyElements } from '../../budget/json-elements.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import type { Authorizer } from './authorize.ts';

export interface BodyOptions {
  /** Largest body, bytes. */
  limit: number;
  /** Reads the body whatever its content type says. */
  anyType?: boolean;
  /** Called with the body's size. */
  onRead?: (request: Parameters<RequestHandler>[0], bytes: number) => void;
}

/** Reads a JSON body after the sender was identified. Until then, no byte of the body is read. */
export const readBody = (
  authorizer: Authorizer,
  { limit, anyType = false, onRead = () => undefined }: BodyOptions,
): RequestHandler => {
  const parse = json({
    limit,
    ...(anyType ? { type: () => true } : {}),
    verify: (request, _response, text) => {
      if (hasTooManyElements(text)) throw new HttpProblem('INVALID_MESSAGE', 'the body has too many elements');
      onRead(request as Parameters<RequestHandler>[0], text.length);
    },
  });
  return async (request, response, next) => {
    await authorizer.identify(request);
    const end = authorizer.bodies.count(request);
    parse(request, response, (error?: unknown) => {
      end();
      next(error);
    });
  };
};
