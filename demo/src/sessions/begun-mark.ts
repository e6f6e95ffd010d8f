const keyOf = (sessionId: string): string => `invigil-begun:${sessionId}`;

/** Whether this tab has sat in this session before, so that a reload can say that it goes on. */
export const hasBegun = (sessionId: string | null): boolean =>
  sessionId !== null && sessionStorage.getItem(keyOf(sessionId)) !== null;

export const markBegun = (sessionId: string): void => sessionStorage.setItem(keyOf(sessionId), '1');
