import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers do not send a request before the last one was answered; some HTTP clients send a few. */
const maxPipelined = 16;

/**
 * Handles the requests of one connection one after another, each in its own turn of the event loop. Node would start all of them at once: a
 * single packet can hold a thousand. A connection with too many waiting requests is cut.
 */
export const oneAtATime = (handle: RequestListener): RequestListener => {
  const waiting = new WeakMap<Socket, (() => void)[]>();
  const start = (request: IncomingMessage, response: ServerResponse & { req: IncomingMessage }): void => {
    response.once('close', () => {
      const next = waiting.get(request.socket)?.shift();
      if (next === undefined) waiting.delete(request.socket);
      else setImmediate(next);
    });
    handle(request, response);
  };
  return (request, response) => {
    const { socket } = request;
    const queue = waiting.get(socket);
    if (queue === undefined) {
      waiting.set(socket, []);
      return start(request, response);
    }
    if (queue.length >= maxPipelined) return void socket.destroy();
    queue.push(() => {
      if (!socket.destroyed) start(request, response);
    });
  };
};
