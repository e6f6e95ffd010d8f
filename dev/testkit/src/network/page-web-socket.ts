import { WebSocket } from 'ws';

/** The browser's interface: a failed connection is reported by its close, not by an exception. */
class PageWebSocket extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    this.on('error', () => undefined);
  }
}

/** Gives Node the WebSocket of a page. The engine's own connection needs nothing else of a page. */
export const installPageWebSocket = (): void => {
  Object.assign(globalThis, { WebSocket: PageWebSocket });
};
