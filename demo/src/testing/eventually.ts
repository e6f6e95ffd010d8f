import { vi } from 'vitest';

/** Repeats a check until it holds. The limit is for busy machines. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 15_000 });
