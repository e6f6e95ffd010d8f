import { parseServerMessage } from './server-message.ts';
import type { OpenTransport } from './transport.ts';

/** The session channel over a WebSocket. */
export const openSocketTransport: OpenTransport = ({ serverUrl, sessionId, token, compressed = true }, events) => {
  const url = new URL(`${serverUrl}/api/v1/session/ws/${encodeURIComponent(sessionId)}`);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (token !== null) url.searchParams.set('token', token);
  if (!compressed) url.searchParams.set('compression', 'off');
  const socket = new WebSocket(url);
  const listeners = new AbortController();
  const { signal } = listeners;
  const end = (code: number, reason: string): void => {
    listeners.abort();
    events.close({ code, reason });
  };
  socket.addEventListener('open', () => events.open(), { signal });
  socket.addEventListener('close', ({ code, reason }) => end(code, reason), { signal });
  socket.addEventListener(
    'message',
    ({ data }: MessageEvent<unknown>) => {
      const message = typeof data === 'string' ? parseServerMessage(data) : null;
      if (message !== null) events.message(message);
    },
    { signal },
  );
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close: () => {
      if (signal.aborted) return;
      socket.close(1000);
      // On a dead network the closing handshake would never complete.
      end(1000, 'closed by this side');
    },
  };
};
