import { once } from 'node:events';
import { createServer } from 'node:http';
import type { WeightsSource } from '../src/manifest.ts';

export interface TarballAnswer {
  /** honours Range requests */
  ranges?: boolean;
  /** position in the tarball after which nothing more is sent */
  stopAtBytes?: number;
  /** whether the connection is then cut, instead of being held open */
  thenCut?: boolean;
}

/**
 * An npm registry on the loopback that offers one version of one package. Its behaviour for the tarball can be changed
 * between requests; `tarballOffsets` records the start of each request.
 */
export const startLoopbackRegistry = async (source: WeightsSource, tarball: Buffer) => {
  const tarballOffsets: number[] = [];
  let answer: TarballAnswer = { ranges: true };
  let held: (() => void)[] = [];

  const server = createServer((request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument(source, url)));
      return;
    }
    const { ranges = true, stopAtBytes = tarball.length, thenCut = false } = answer;
    const offset = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    tarballOffsets.push(offset);
    const from = ranges ? offset : 0;
    const headers = { 'content-length': tarball.length - from };
    if (from > 0) {
      response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${tarball.length - 1}/${tarball.length}` });
    } else {
      response.writeHead(200, headers);
    }
    response.write(tarball.subarray(from, stopAtBytes), () => {
      if (stopAtBytes === tarball.length) response.end();
      else if (thenCut) response.destroy();
      else held.push(() => response.end(tarball.subarray(stopAtBytes)));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const url = `http://127.0.0.1:${address.port}/`;

  return {
    url,
    tarballOffsets,
    answerWith(next: TarballAnswer) {
      answer = next;
    },
    /** Sends the rest of the tarball on the connections held open. */
    release() {
      for (const send of held) send();
      held = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const packument = (source: WeightsSource, url: string) => {
  const at = source.spec.lastIndexOf('@');
  const name = source.spec.slice(0, at);
  const version = source.spec.slice(at + 1);
  const tarball = `${url}${name}/-/weights-${version}.tgz`;
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist: { tarball, integrity: source.integrity } } },
  };
};
