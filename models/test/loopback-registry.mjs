import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * @typedef {object} TarballAnswer
 * @property {boolean} [ranges] honours Range requests
 * @property {number} [stopAtBytes] position in the tarball after which nothing more is sent
 * @property {boolean} [thenCut] whether the connection is then cut, instead of being held open
 */

/**
 * An npm registry on the loopback that offers one version of one package. How it answers for the tarball can be
 * changed between requests; `tarballOffsets` says from where each of them wanted to read.
 *
 * @param {import('../src/manifest.mjs').WeightsSource} source
 * @param {Buffer} tarball
 */
export async function startLoopbackRegistry(source, tarball) {
  /** @type {number[]} */
  const tarballOffsets = [];
  /** @type {TarballAnswer} */
  let answer = { ranges: true };
  /** @type {(() => void)[]} */
  let held = [];

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
    /** @param {TarballAnswer} next */
    answerWith(next) {
      answer = next;
    },
    /** Sends the rest to those that are held. */
    release() {
      for (const send of held) send();
      held = [];
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/**
 * @param {import('../src/manifest.mjs').WeightsSource} source
 * @param {string} url
 */
function packument(source, url) {
  const at = source.spec.lastIndexOf('@');
  const name = source.spec.slice(0, at);
  const version = source.spec.slice(at + 1);
  const tarball = `${url}${name}/-/weights-${version}.tgz`;
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist: { tarball, integrity: source.integrity } } },
  };
}
