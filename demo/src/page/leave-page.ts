import type { Signal } from '@preact/signals';

/** A user who stops the navigation causes no event. After this time, the page assumes that they did. */
const givenUpMs = 20_000;

/** Goes to another page. The button stays disabled meanwhile, and can be used again after Back or a stopped navigation. */
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
