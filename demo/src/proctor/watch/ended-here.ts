import { signal } from '@preact/signals';
import { tabStorage } from '../../page/tab-storage.ts';

const storageKey = 'invigil-ended-here';
/** Enough for a large exam. */
const maxKept = 1000;

const read = (): string[] => (tabStorage.get(storageKey) ?? '').split(' ').filter((id) => id !== '');

/** The sessions that were ended in this tab; kept across its reloads. */
export const endedHere = signal<ReadonlySet<string>>(new Set(read()));

export const rememberEnded = (sessionId: string): void => {
  const ids = [...endedHere.value, sessionId].slice(-maxKept);
  tabStorage.set(storageKey, ids.join(' '));
  endedHere.value = new Set(ids);
};
