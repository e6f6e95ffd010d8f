const keyOf = (sessionId: string): string => `invigil-token:${sessionId}`;

/** Kept for this tab alone, so that a reload can go on with the sitting. */
export const rememberToken = (sessionId: string, token: string): void => {
  sessionStorage.setItem(keyOf(sessionId), token);
};

export const tokenOf = (sessionId: string): string | null => sessionStorage.getItem(keyOf(sessionId));
