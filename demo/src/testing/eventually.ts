import { waitFor } from '@invigil/testkit/timers/waits';

/** Repeats a check until it holds. The limit is for busy machines. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => waitFor(check, { timeout: 15_000 });
