import { vi } from 'vitest';

/** Vitest gives up after a second, which a busy machine exceeds. A wait ends as soon as its condition holds. */
const limitMs = 15_000;

/** `vi.waitFor` with a limit for busy machines: repeats until the function no longer throws, and returns its value. */
export const waitFor: typeof vi.waitFor = (condition, options) =>
  vi.waitFor(condition, typeof options === 'number' ? options : { timeout: limitMs, ...options });

/** `vi.waitUntil` with a limit for busy machines: repeats until the function returns something truthy. */
export const waitUntil: typeof vi.waitUntil = (condition, options) =>
  vi.waitUntil(condition, typeof options === 'number' ? options : { timeout: limitMs, ...options });
