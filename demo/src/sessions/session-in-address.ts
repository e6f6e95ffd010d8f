import { isId } from '@invigil/protocol/frame';

/** `?session=…` of this page's address; null if it is missing or not an id. */
export const sessionInAddress = (): string | null => {
  const id = new URLSearchParams(location.search).get('session');
  return isId(id) ? id : null;
};

export const withSession = (path: string, sessionId: string | null): string =>
  sessionId === null ? path : `${path}?session=${encodeURIComponent(sessionId)}`;

/** Adds the session to the address without loading another page, so that a reload finds it. */
export const noteSessionInAddress = (sessionId: string): void => {
  history.replaceState(null, '', withSession(location.pathname, sessionId));
};
