import type { Outbox } from '../outbox/outbox.ts';
import { batchMessage } from './batch-message.ts';
import { fallbackBody, fallbackHeaders, fallbackUrl } from './http-transport.ts';
import type { TransportTarget } from './transport.ts';

/** Browsers allow 64 KiB for all keepalive requests of a page; the difference is for the envelope. */
export const unloadFlushMaxBytes = 60_000;

/**
 * Sends pending frames while the page is closed. No response can be read, so the frames stay in the outbox; the server
 * recognises those that arrived when the session is opened again.
 */
export const flushOnUnload = (outbox: Outbox, { serverUrl, sessionId, token }: TransportTarget): void => {
  const frames = outbox.cached(unloadFlushMaxBytes);
  if (frames.length === 0) return;
  fetch(fallbackUrl(serverUrl), {
    method: 'POST',
    keepalive: true,
    headers: fallbackHeaders(token),
    // Hashing is asynchronous and the page has no time left, so the server alone extends the chain.
    body: fallbackBody(sessionId, { leaving: true, ...batchMessage(frames, null) }),
  }).catch(() => {
    // The frames are still in the outbox.
  });
};
