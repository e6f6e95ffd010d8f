import { signal } from '@preact/signals';

/** The requested replay time: client clock, Unix epoch, milliseconds; null if none was requested. */
export const replayTarget = signal<number | null>(null);

/** Shows that time in the replay, and opens the replay if necessary. */
export const showInReplay = (atMs: number): void => {
  replayTarget.value = null;
  replayTarget.value = atMs;
  document.getElementById('replay')?.scrollIntoView({ block: 'start' });
};
