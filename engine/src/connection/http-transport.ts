import { closeCodes } from '@invigil/protocol/channels';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { readServerMessage } from './server-message.ts';
import type { OpenTransport, TransportClose } from './transport.ts';

const requestTimeoutMs = 20_000;
const lost: TransportClose = { code: 1006, reason: 'request failed' };

export const fallbackUrl = (serverUrl: string): string => `${serverUrl}/api/v1/session/ws/fallback`;

export const fallbackBody = (sessionId: string, message: string): string =>
  `{"session_id":${JSON.stringify(sessionId)},${message.slice(1)}`;

export const fallbackHeaders = (token: string | null): Record<string, string> => ({
  'Content-Type': 'application/json',
  ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
});

/** What an HTTP answer that is not 200 would have been on the socket. */
const asClose = (status: number): TransportClose | null => {
  if (status === 401) return closeCodes.tokenExpired;
  if (status === 403 || status === 404) return closeCodes.policyViolation;
  if (status === 409 || status === 410) return closeCodes.sessionEnded;
  if (status === 429 || status === 503) return null;
  return { code: closeCodes.internalError.code, reason: `HTTP status ${status}` };
};

const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('Retry-After') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 2000;
};

/**
 * The session channel over plain requests, for networks that block WebSockets: one message a request, one request at a time,
 * the server's messages in the answer. There are no heartbeats; each answer is a sign of life.
 */
export const openHttpTransport: OpenTransport = ({ serverUrl, sessionId, token }, events) => {
  const aborter = new AbortController();
  let bufferedBytes = 0;
  let last = Promise.resolve();

  const end = (close: TransportClose): void => {
    if (aborter.signal.aborted) return;
    aborter.abort();
    events.close(close);
  };
  const deliver = (messages: readonly ServerSessionMessage[]): void => {
    for (const message of messages) if (!aborter.signal.aborted) events.message(message);
  };

  const post = async (text: string): Promise<void> => {
    const response = await fetch(fallbackUrl(serverUrl), {
      method: 'POST',
      headers: fallbackHeaders(token),
      body: fallbackBody(sessionId, text),
      signal: AbortSignal.any([aborter.signal, AbortSignal.timeout(requestTimeoutMs)]),
    });
    if (response.status === 429 || response.status === 503) {
      deliver([
        { type: 'slow_down', retry_after_ms: retryAfterMs(response), reason: `HTTP status ${response.status}` },
      ]);
      return;
    }
    const close = response.ok ? null : asClose(response.status);
    if (close !== null) return end(close);
    const body: unknown = response.status === 200 ? await response.json() : {};
    const list = typeof body === 'object' && body !== null && 'messages' in body ? body.messages : [];
    deliver(Array.isArray(list) ? list.map(readServerMessage).filter((message) => message !== null) : []);
  };

  queueMicrotask(() => {
    if (!aborter.signal.aborted) events.open();
  });
  return {
    send: (text) => {
      bufferedBytes += text.length;
      last = last
        .then(() => (aborter.signal.aborted ? undefined : post(text)))
        .catch(() => end(lost))
        .finally(() => {
          bufferedBytes -= text.length;
        });
    },
    get bufferedBytes() {
      return bufferedBytes;
    },
    close: () => end(closeCodes.normal),
  };
};
