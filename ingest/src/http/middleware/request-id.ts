import type { RequestHandler } from 'express';
import { openRequest } from '../../telemetry/request-context.ts';
import { requestIdHeader, requestIdOf } from '../../telemetry/request-id.ts';

/** Gives each request an id: in the response, in its problems, and in every line that its work writes to the log. */
export const requestId: RequestHandler = (request, response, next) => {
  const id = requestIdOf(request.headers);
  response.set(requestIdHeader, id);
  const opened = openRequest(id);
  response.once('close', () => opened.end());
  opened.run(next);
};
