import type { RequestHandler } from 'express';

/** Answers of the API are about people; no cache between here and the reader may keep them. A route may say otherwise for public files. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
