import { problemCodes, closeCodes } from '@invigil/protocol/channels';
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

/** Whether an error response is the server's own: only it uses this problem format. Filters and portals send pages. */
const isOwnProblem = async (response: Response): Promise<boolean> => {
  if (!(response.headers.get('Content-Type') ?? '').startsWith('application/problem+json')) return false;
  const problem: unknown = await response.json().catch(() => null);
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return false;
  return problemCodes.some((code) => code === problem.code);
};

/** The close that the server's HTTP status other than 200 corresponds to on the socket. */
const asClose = (status: number): TransportClose => {
  if (status === 401) return closeCodes.tokenExpired;
  if (status === 403 || status === 404) return closeCodes.policyViolation;
  if (status === 409 || status === 410) return closeCodes.sessionEnded;
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
    if (!response.ok && !(await isOwnProblem(response))) {
      return end({ code: 1006, reason: `HTTP status ${response.status} from an intermediary` });
    }
    if (response.status === 429 || response.status === 503) {
      deliver([
        { type: 'slow_down', retry_after_ms: retryAfterMs(response), reason: `HTTP status ${response.status}` },
      ]);
      return;
    }
    if (!response.ok) return end({ ...asClose(response.status), fromServer: true });
    const answer: unknown = await response.json();
    const list = typeof answer === 'object' && answer !== null && 'messages' in answer ? answer.messages : null;
    if (!Array.isArray(list)) return end({ code: 1006, reason: 'the answer is not from the server' });
    deliver(list.map(readServerMessage).filter((message) => message !== null));
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
