/** How long a page that is being loaded again may still hold the lock. */
const handoverMs = 3000;

/**
 * Takes the session for this tab; another tab with the same session does not get it while this one lives.
 * @returns a function that gives it back, or null when another tab has it. Where the browser has no Web Locks (an insecure
 * page), every tab gets it.
 */
export const acquireSessionLock = async (sessionId: string): Promise<(() => void) | null> => {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks === undefined) return () => undefined;
  return new Promise((resolve, reject) => {
    const held = locks.request(`invigil:${sessionId}`, { signal: AbortSignal.timeout(handoverMs) }, () => {
      return new Promise<void>((release) => {
        resolve(release);
      });
    });
    held.catch((error: unknown) => {
      if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError'))
        resolve(null);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
};
