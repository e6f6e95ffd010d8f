import type { RequestHandler } from 'express';

/** API responses contain personal data, so no cache may keep them. A route for public files may override this. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};
