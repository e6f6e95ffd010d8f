import type { WebSocket } from 'ws';

/** Pings; resolves with whether a pong arrived in time. */
export const pongWithin = (socket: WebSocket, timeoutMs: number): Promise<boolean> => {
  if (socket.readyState !== socket.OPEN) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (answered: boolean): void => {
      clearTimeout(timer);
      socket.off('pong', onPong).off('close', onClose);
      resolve(answered);
    };
    const onPong = (): void => settle(true);
    const onClose = (): void => settle(false);
    // When the process was held up, Node runs due timers before it reads the sockets. A pong that has arrived in time still counts.
    const timer = setTimeout(() => setImmediate(onClose), timeoutMs).unref();
    socket.on('pong', onPong).on('close', onClose);
    socket.ping();
  });
};
