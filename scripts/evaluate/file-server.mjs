import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
};

/**
 * Serves folders under path prefixes on a free loopback port. `folders`: `{'/data/': '/some/folder'}`; '/' comes last.
 * @param {{headers?: Record<string, string>, onServed?: (path: string, bytes: number) => void}} options
 */
export const serveFolders = async (folders, { headers = {}, onServed = () => undefined } = {}) => {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    const prefix = Object.keys(folders).find((start) => path.startsWith(start));
    const inside = normalize(path.slice(prefix.length) || 'index.html');
    const file = join(folders[prefix], inside);
    const found = inside.startsWith('..') ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file).toLowerCase()] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-length': found.size, ...headers });
    onServed(path, found.size);
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
};
