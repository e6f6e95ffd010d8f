import type { Signal } from '@preact/signals';

/** Goes to another page. Until this one is gone its button stays disabled; a user who comes back can use it again. */
export const leavePage = (path: string, isBusy: Signal<boolean>): void => {
  isBusy.value = true;
  addEventListener('pagehide', () => (isBusy.value = false), { once: true });
  location.assign(path);
};
