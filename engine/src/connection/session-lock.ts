import { withDeadline } from '../timing/deadline.ts';

/** How long a page that is being reloaded may still hold the lock. */
const handoverMs = 3000;

/** Returned in place of a lock where the browser has none. */
export const withoutLock = (): void => undefined;

/**
 * Claims the session for this tab; another tab with the same session cannot claim it while this one lives.
 * @returns a function that releases it, or null if another tab has it. If the browser has no Web Locks (an insecure
 * page, a frame without storage) or does not answer, every tab gets it.
 */
export const acquireSessionLock = async (sessionId: string): Promise<(() => void) | null> => {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return withoutLock;
  const lock = new Promise<(() => void) | null>((resolve) => {
    const held = locks.request(
      `invigil:${sessionId}`,
      { signal: AbortSignal.timeout(handoverMs) },
      () =>
        new Promise<void>((release) => {
          resolve(release);
        }),
    );
    held.catch((error: unknown) => {
      const isTaken = error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
      // Frames without access to storage have no locks either.
      resolve(isTaken ? null : withoutLock);
    });
  });
  return withDeadline('navigator.locks.request', handoverMs + 1000, lock, (release) => release?.()).catch(
    () => withoutLock,
  );
};
