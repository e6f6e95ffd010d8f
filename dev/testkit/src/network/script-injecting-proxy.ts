import { createServer, request as ask } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Path of the injected script: of the page's own origin, which content policies permit. */
const scriptPath = '/injected-by-test.js';

interface ServedRequest {
  path: string;
  bytes: number;
}

/**
 * A proxy between browser and site that injects a script ahead of all others on every page. Works the same for all browsers, and for
 * pages with a content policy.
 */
export class ScriptInjectingProxy {
  readonly url: string;
  /** Answered requests, oldest first. */
  readonly served: ServedRequest[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param script source of a classic script. @param files further files by path. */
  static async start(
    targetUrl: string,
    script: string,
    files: Record<string, { body: Buffer; type: string }> = {},
  ): Promise<ScriptInjectingProxy> {
    const target = new URL(targetUrl);
    const own: typeof files = { ...files, [scriptPath]: { body: Buffer.from(script), type: 'text/javascript' } };
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new ScriptInjectingProxy(server);
    server.on('request', (request, response) => {
      const file = own[request.url ?? ''];
      if (file === undefined) return proxy.#forward(target, request, response);
      response.writeHead(200, { 'content-type': file.type, 'content-length': file.body.length }).end(file.body);
    });
    server.on('upgrade', (request, near: Socket, head) => proxy.#join(target, request, near, head));
    return proxy;
  }

  #forward(target: URL, request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path = '/' } = request;
    // Pages must arrive uncompressed.
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    const far = ask({ host: target.hostname, port: target.port, method, path, headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () => this.served.push({ path, bytes }));
      if (answer.headers['content-type']?.startsWith('text/html')) return void injectInto(answer, response);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    far.on('error', () => response.destroy());
    request.pipe(far);
  }

  #join(target: URL, request: IncomingMessage, near: Socket, head: Buffer): void {
    const far = connect(Number(target.port), target.hostname, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2)
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      far.write(`${lines.join('\r\n')}\r\n\r\n`);
      far.write(head);
      far.pipe(near);
      near.pipe(far);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.once('error', () => other.destroy());
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const injectInto = async (answer: IncomingMessage, response: ServerResponse): Promise<void> => {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const page = Buffer.concat(chunks)
    .toString()
    .replace(/<head>/i, `$&<script src="${scriptPath}"></script>`);
  const { 'content-length': _, etag: __, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': Buffer.byteLength(page) }).end(page);
};
