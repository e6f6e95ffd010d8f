import { signal } from '@preact/signals';
import { tabStorage } from '../../page/tab-storage.ts';

/** How this tab draws attention to new alerts; kept across its reloads. */
const signalNames = ['sound', 'notification'] as const;
export type AlertSignal = (typeof signalNames)[number];

const keyOf = (name: AlertSignal): string => `invigil-alert-${name}`;

export const alertSignals = {
  sound: signal(tabStorage.get(keyOf('sound')) === 'on'),
  notification: signal(tabStorage.get(keyOf('notification')) === 'on'),
} as const;

export const switchSignal = (name: AlertSignal, isOn: boolean): void => {
  tabStorage.set(keyOf(name), isOn ? 'on' : 'off');
  alertSignals[name].value = isOn;
};

/** Asks the browser, once: it remembers the answer. @returns whether notifications are allowed */
export const allowNotifications = async (): Promise<boolean> => {
  if (!('Notification' in globalThis)) return false;
  const permission =
    Notification.permission === 'default' ? await Notification.requestPermission() : Notification.permission;
  return permission === 'granted';
};

/** Shows a notification unless the page is in front. A newer one of the same kind replaces it. */
export const notify = (text: string): void => {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted' || document.hasFocus()) return;
  const notification = new Notification('Invigil', { body: text, tag: 'invigil-alert' });
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
  });
};
