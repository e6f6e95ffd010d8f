const keyOf = (sessionId: string): string => `invigil-begun:${sessionId}`;

/** Whether this tab has sat in a session before, so that a reload can say that it goes on. */
export const resumeFlag = {
  has: (sessionId: string | null): boolean => {
    try {
      return sessionId !== null && sessionStorage.getItem(keyOf(sessionId)) !== null;
    } catch {
      // A page that may store nothing (a sandboxed frame) always begins anew.
      return false;
    }
  },
  set: (sessionId: string | null): void => {
    try {
      if (sessionId !== null) sessionStorage.setItem(keyOf(sessionId), '1');
    } catch {
      // The same: the mark is a kindness, nothing depends on it.
    }
  },
};
