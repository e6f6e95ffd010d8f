import type { Request, RequestHandler } from 'express';
import { nothingHerePage, pageLanguages } from './not-found-page.ts';
import type { PageLanguage } from './not-found-page.ts';
import { sendProblem } from './answer-problems.ts';

/** Somebody who followed a link. Without a preference, as with most programs, it is JSON; and always below `/api`. */
const isPerson = (request: Request): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !request.path.startsWith('/api/') &&
  request.accepts(['json', 'html']) === 'html';

const languageOf = (request: Request): PageLanguage => {
  const wanted = request.acceptsLanguages([...pageLanguages]);
  return pageLanguages.find((language) => language === wanted) ?? 'en';
};

/** The last of all handlers: an address that nothing answers. A problem, or a page for a person. */
export const answerNotFound: RequestHandler = (request, response) => {
  response.vary('Accept');
  if (!isPerson(request)) return sendProblem(response, 404, 'NOT_FOUND', 'there is nothing here', null);
  response.vary('Accept-Language');
  response
    .status(404)
    .type('html')
    .send(nothingHerePage(languageOf(request)));
};
