import { tabStorage } from '../page/tab-storage.ts';

const keyOf = (sessionId: string): string => `invigil-token:${sessionId}`;

/** Kept for this tab alone, so that a reload can go on with the sitting. */
export const rememberToken = (sessionId: string, token: string): void => {
  tabStorage.set(keyOf(sessionId), token);
};

export const tokenOf = (sessionId: string): string | null => tabStorage.get(keyOf(sessionId));
