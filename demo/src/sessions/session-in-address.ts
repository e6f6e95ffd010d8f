import { isId } from '@invigil/protocol/frame';

/** `?session=…` of this page's address; null when there is none or it is none. */
export const sessionInAddress = (): string | null => {
  const id = new URLSearchParams(location.search).get('session');
  return isId(id) ? id : null;
};

export const withSession = (path: string, sessionId: string | null): string =>
  sessionId === null ? path : `${path}?session=${encodeURIComponent(sessionId)}`;

/** Puts the session into the address without a new page, so that a reload finds it. */
export const noteSessionInAddress = (sessionId: string): void => {
  history.replaceState(null, '', withSession(location.pathname, sessionId));
};
