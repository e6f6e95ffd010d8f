import type { Signal } from '@preact/signals';

/** By then, a navigation has begun to replace the page, or the user has stopped it, which sends no event. */
const givenUpMs = 20_000;

/** Goes to another page. Until this one is gone its button stays disabled; a user who comes back or stops can use it again. */
export const leavePage = (path: string, isBusy: Signal<boolean>): void => {
  const enable = (): void => {
    clearTimeout(timer);
    removeEventListener('pagehide', enable);
    isBusy.value = false;
  };
  isBusy.value = true;
  const timer = setTimeout(enable, givenUpMs);
  addEventListener('pagehide', enable);
  location.assign(path);
};
