import type { Request } from 'express';

/** Whether the server's own page sent the request. Pages without a referrer send no origin, so browsers' other statement counts as well. */
export const isFromOwnPage = (request: Request, origin: string): boolean =>
  request.headers.origin === origin || request.headers['sec-fetch-site'] === 'same-origin';
