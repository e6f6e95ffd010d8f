import type { RequestHandler } from 'express';
import { inRequest } from '../../telemetry/request-context.ts';
import { requestIdHeader, requestIdOf } from '../../telemetry/request-id.ts';

/** Gives each request an id: in the response, in its problems, and in every line that its work writes to the log. */
export const requestId: RequestHandler = (request, response, next) => {
  const id = requestIdOf(request.headers);
  response.set(requestIdHeader, id);
  inRequest(id, next);
};
