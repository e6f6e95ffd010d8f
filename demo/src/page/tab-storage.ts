const memory = new Map<string, string>();

/**
 * Values that this tab keeps across its pages. A page to which the browser denies storage (a sandboxed frame, cookies
 * turned off) keeps them for as long as it is open.
 */
export const tabStorage = {
  get: (key: string): string | null => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return memory.get(key) ?? null;
    }
  },
  set: (key: string, value: string): void => {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      memory.set(key, value);
    }
  },
};
