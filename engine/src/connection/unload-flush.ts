import type { Outbox } from '../outbox/outbox.ts';
import { fallbackBody, fallbackHeaders, fallbackUrl } from './http-transport.ts';
import { batchText } from './sender.ts';

/** Browsers allow 64 KiB for all requests of a page that is being closed; some of it is for the envelope. */
export const unloadFlushMaxBytes = 60_000;

/**
 * Sends what waits as the page goes away. Nobody will hear the answer, so nothing is forgotten: what arrived is recognised when
 * the session is opened again.
 */
export const flushOnUnload = (
  outbox: Outbox,
  { serverUrl, sessionId, token }: { serverUrl: string; sessionId: string; token: string | null },
): void => {
  const frames = outbox.cached(unloadFlushMaxBytes);
  if (frames.length === 0) return;
  // Hashing would have to be waited for, and there is no time: these frames are chained by the server alone.
  const message = `{"leaving":true,${batchText(frames, null).slice(1)}`;
  fetch(fallbackUrl(serverUrl), {
    method: 'POST',
    keepalive: true,
    headers: fallbackHeaders(token),
    body: fallbackBody(sessionId, message),
  }).catch(() => {
    // The page is gone; the frames are still in the outbox.
  });
};
