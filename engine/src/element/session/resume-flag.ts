const prefix = 'invigil-begun:';
const keyOf = (sessionId: string): string => `${prefix}${sessionId}`;

/** `running`: the page was left or reloaded while the session ran. `stopped`: it was stopped here. */
export type ResumeState = 'running' | 'stopped';

/** Whether this tab has run a session before: after a reload it continues without asking again. */
export const resumeFlag = {
  get: (sessionId: string | null): ResumeState | null => {
    try {
      const value = sessionId === null ? null : sessionStorage.getItem(keyOf(sessionId));
      return value === 'running' || value === 'stopped' ? value : null;
    } catch {
      // A page without storage (a sandboxed frame) always asks again.
      return null;
    }
  },
  /** Whether any session was left running in this tab. */
  isAnyRunning: (): boolean => {
    try {
      const keys = Array.from({ length: sessionStorage.length }, (_, index) => sessionStorage.key(index) ?? '');
      return keys.some((key) => key.startsWith(prefix) && sessionStorage.getItem(key) === 'running');
    } catch {
      return false;
    }
  },
  set: (sessionId: string | null, state: ResumeState): void => {
    try {
      if (sessionId !== null) sessionStorage.setItem(keyOf(sessionId), state);
    } catch {
      // The page has no storage, so the next load asks again; nothing else depends on the flag.
    }
  },
};
