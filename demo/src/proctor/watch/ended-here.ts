import { signal } from '@preact/signals';

/** The sessions that were ended on this page. */
export const endedHere = signal<ReadonlySet<string>>(new Set());

export const rememberEnded = (sessionId: string): void => {
  endedHere.value = new Set([...endedHere.value, sessionId]);
};
