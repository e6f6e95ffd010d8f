/** https://safeexambrowser.org/developer/seb-config-key.html: the keys are hashes of the page's address and the key. */
interface SafeExamBrowserApi {
  security?: {
    configKey?: string;
    browserExamKey?: string;
    /** In versions 3.0 for macOS and iOS, which set the keys only then. */
    updateKeys?: (callback: () => void) => void;
  };
}

declare global {
  interface Window {
    SafeExamBrowser?: SafeExamBrowserApi;
  }
}

/** A version that sets the keys by itself may never call back. */
const keysWithinMs = 1000;

export const isInSafeExamBrowser = (): boolean =>
  window.SafeExamBrowser !== undefined || /\bSEB\//.test(navigator.userAgent);

/** The address that the page was loaded from: that of the keys, even if the page has changed its own since. */
const loadedUrl = (): string =>
  (performance.getEntriesByType('navigation')[0]?.name ?? location.href).replace(/#.*$/s, '');

let url = loadedUrl();
let keys: Promise<void> | null = null;

const updateKeys = (): Promise<void> =>
  new Promise((resolve) => {
    const update = window.SafeExamBrowser?.security?.updateKeys;
    if (update === undefined || window.SafeExamBrowser?.security?.configKey) return resolve();
    setTimeout(resolve, keysWithinMs);
    update(() => {
      url = location.href.replace(/#.*$/s, '');
      resolve();
    });
  });

/** Adds the keys that the browser shows to its pages, for requests to which it adds none itself. */
export const addBrowserKeys = async (headers: Headers): Promise<void> => {
  await (keys ??= updateKeys());
  const { configKey, browserExamKey } = window.SafeExamBrowser?.security ?? {};
  if (!configKey) return;
  headers.set('x-invigil-seb-url', url);
  headers.set('x-invigil-seb-config-key-hash', configKey);
  if (browserExamKey) headers.set('x-invigil-seb-browser-exam-key-hash', browserExamKey);
};
