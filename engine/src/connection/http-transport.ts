import { closeCodes } from '@invigil/protocol/channels';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { readServerMessage } from './server-message.ts';
import type { ClientMessage, OpenTransport, TransportClose } from './transport.ts';

const requestTimeoutMs = 20_000;
const lost: TransportClose = { code: 1006, reason: 'request failed' };

export const fallbackUrl = (serverUrl: string): string => `${serverUrl}/api/v1/session/ws/fallback`;

export const fallbackBody = (sessionId: string, message: ClientMessage): string =>
  JSON.stringify({ session_id: sessionId, ...message });

export const fallbackHeaders = (token: string | null): Record<string, string> => ({
  'Content-Type': 'application/json',
  ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
});

/** The close that an HTTP status other than 200 corresponds to on the socket. Null: the request can be repeated. */
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
 * The session channel over HTTP requests, for networks that block WebSockets: one message per request, one request at a time. The
 * response holds the server's messages. There are no heartbeats; each response shows that the server is alive.
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

  const post = async (body: string): Promise<void> => {
    const response = await fetch(fallbackUrl(serverUrl), {
      method: 'POST',
      headers: fallbackHeaders(token),
      body,
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
    const answer: unknown = response.status === 200 ? await response.json() : {};
    const list = typeof answer === 'object' && answer !== null && 'messages' in answer ? answer.messages : [];
    deliver(Array.isArray(list) ? list.map(readServerMessage).filter((message) => message !== null) : []);
  };

  queueMicrotask(() => {
    if (!aborter.signal.aborted) events.open();
  });
  return {
    send: (message) => {
      const body = fallbackBody(sessionId, message);
      bufferedBytes += body.length;
      last = last
        .then(() => (aborter.signal.aborted ? undefined : post(body)))
        .catch(() => end(lost))
        .finally(() => {
          bufferedBytes -= body.length;
        });
    },
    get bufferedBytes() {
      return bufferedBytes;
    },
    close: () => end(closeCodes.normal),
  };
};
