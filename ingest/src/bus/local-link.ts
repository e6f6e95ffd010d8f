import type { BusLink } from './bus-link.ts';

/** For a single process: no other replicas to send to. */
export const localLink = (): BusLink => ({
  isLocal: true,
  publish: () => true,
  follow: () => ({ ready: Promise.resolve(), stop: () => undefined }),
  onUp: () => undefined,
  check: async () => undefined,
  close: async () => undefined,
});
