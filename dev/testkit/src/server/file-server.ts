import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

export interface FileServerOptions {
  /** Headers of every file. */
  headers?: Record<string, string>;
  onServed?: (path: string, bytes: number) => void;
}

export interface FileServer {
  url: string;
  close: () => Promise<unknown>;
}

/** Serves folders under path prefixes on a free loopback port. `folders`: `{'/data/': '/some/folder'}`; '/' comes last. */
export const serveFolders = async (
  folders: Record<string, string>,
  { headers = {}, onServed = () => undefined }: FileServerOptions = {},
): Promise<FileServer> => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const entry = Object.entries(folders).find(([start]) => path.startsWith(start));
    const inside = normalize(path.slice(entry?.[0].length) || 'index.html');
    const file = join(entry?.[1] ?? '', inside);
    const found = entry === undefined || inside.startsWith('..') ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file).toLowerCase()] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': found.size, ...headers });
    onServed(path, found.size);
    createReadStream(file).pipe(response);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => new Promise((done) => server.close(done)) };
};
