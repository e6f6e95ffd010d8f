import { tabStorage } from '../page/tab-storage.ts';

const keyOf = (sessionId: string): string => `invigil-token:${sessionId}`;

/** Stored in this tab only, so that a reload can continue the session. */
export const rememberToken = (sessionId: string, token: string): void => {
  tabStorage.set(keyOf(sessionId), token);
};

export const tokenOf = (sessionId: string): string | null => tabStorage.get(keyOf(sessionId));
