import { signal } from '@preact/signals';

/** The time that the replay is asked to show: client clock, Unix epoch; null: none was asked for. */
export const replayTarget = signal<number | null>(null);

/** Shows that time in the replay, and opens the replay if necessary. */
export const showInReplay = (atMs: number): void => {
  replayTarget.value = null;
  replayTarget.value = atMs;
  document.getElementById('replay')?.scrollIntoView({ block: 'start' });
};
