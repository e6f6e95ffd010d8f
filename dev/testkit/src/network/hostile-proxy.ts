import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { largeFramesHeld } from './held-frames.ts';

/** What stands between a student and the server. */
export type ProxyBehaviour =
  /** Passes everything on. */
  | { kind: 'open' }
  /** Lets WebSockets open but passes nothing through them. Requests pass. */
  | { kind: 'silent' }
  /** Resets each WebSocket after this many bytes of the client. Requests pass. */
  | { kind: 'resetting'; afterBytes: number }
  /** Resets each WebSocket that carries nothing for this long. Requests pass. */
  | { kind: 'idle_cutting'; afterMs: number }
  /** Passes small messages of the client and holds larger ones, without closing the WebSocket. Requests pass. */
  | { kind: 'holding'; overBytes: number }
  /** Opens each WebSocket itself and sends the client's own messages back. Requests pass. */
  | { kind: 'echo' }
  /** Answers everything with a page of its own: a web filter (403), a captive portal (200). */
  | { kind: 'page'; status: number }
  /** Takes connections and never answers. */
  | { kind: 'half_open' };

/** A proxy that misbehaves as real ones do; the behaviour can change while it runs. */
export class HostileProxy {
  readonly url: string;
  behaviour: ProxyBehaviour;
  /** WebSockets that the proxy has reset. */
  resets = 0;
  readonly #target: URL;
  readonly #server: ReturnType<typeof createServer>;
  readonly #sockets = new Set<Duplex>();
  readonly #echo = new WebSocketServer({ noServer: true });

  private constructor(server: ReturnType<typeof createServer>, target: URL, behaviour: ProxyBehaviour) {
    this.#server = server;
    this.#target = target;
    this.behaviour = behaviour;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(targetUrl: string, behaviour: ProxyBehaviour): Promise<HostileProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new HostileProxy(server, new URL(targetUrl), behaviour);
    server.on('request', (incoming, outgoing) => proxy.#answer(incoming, outgoing));
    server.on('upgrade', (incoming, near, head) => proxy.#upgrade(incoming, near, head));
    return proxy;
  }

  /** Stops forwarding data on the WebSockets that are open, without closing them. */
  silence(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  /** Ends every WebSocket that is open. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.dropAll();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #forward({ method, url: path, headers }: IncomingMessage): ReturnType<typeof request> {
    const { hostname, port } = this.#target;
    return request({ hostname, port, method, path, headers });
  }

  #answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { behaviour } = this;
    if (behaviour.kind === 'half_open') return;
    if (behaviour.kind === 'page') {
      outgoing.writeHead(behaviour.status, { 'content-type': 'text/html' }).end('<html>Sign in to go on</html>');
      return;
    }
    const forwarded = this.#forward(incoming);
    forwarded.once('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  }

  #upgrade(incoming: IncomingMessage, near: Duplex, head: Buffer): void {
    const { behaviour } = this;
    this.#keep(near);
    if (behaviour.kind === 'half_open') return;
    if (behaviour.kind === 'page') {
      near.end(`HTTP/1.1 ${behaviour.status} No\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html></html>`);
      return;
    }
    if (behaviour.kind === 'echo') {
      this.#echo.handleUpgrade(incoming, near, head, (socket) =>
        socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary })),
      );
      return;
    }
    const forwarded = this.#forward(incoming);
    forwarded.once('error', () => near.destroy());
    forwarded.once('upgrade', (answer, far) => {
      const headers = answer.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`);
      this.#keep(far);
      far.once('close', () => near.destroy());
      near.once('close', () => far.destroy());
      if (behaviour.kind === 'silent') return;
      if (behaviour.kind === 'resetting') this.#resetAfter(near, behaviour.afterBytes);
      if (behaviour.kind === 'idle_cutting') {
        (near as Socket).setTimeout(behaviour.afterMs, () => this.#reset(near));
      }
      if (head.length > 0) far.write(head);
      if (behaviour.kind === 'holding') near.pipe(largeFramesHeld(behaviour.overBytes)).pipe(far);
      else near.pipe(far);
      far.pipe(near);
    });
    forwarded.end();
  }

  #resetAfter(near: Duplex, bytes: number): void {
    let taken = 0;
    near.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      if (taken > bytes) this.#reset(near);
    });
  }

  #reset(near: Duplex): void {
    this.resets += 1;
    (near as Socket).resetAndDestroy();
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.once('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
