import type { Request, RequestHandler } from 'express';
import { notFoundPage } from './not-found-page.ts';
import { languageOf } from './plain-page.ts';
import { sendProblem } from '../problems/send-problem.ts';

/** Whether a browser asks for a page. Programs rarely state a preference and get JSON, as does everything below `/api`. */
const wantsPage = (request: Request): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !request.path.startsWith('/api/') &&
  request.accepts(['json', 'html']) === 'html';

/** The last handler, for paths without a route: a page for browsers, a problem for other clients. */
export const answerNotFound: RequestHandler = (request, response) => {
  response.vary('Accept');
  if (!wantsPage(request)) return sendProblem(response, 404, 'NOT_FOUND', 'there is no resource at this path', null);
  response.vary('Accept-Language');
  response
    .status(404)
    .type('html')
    .send(notFoundPage(languageOf(request)));
};
