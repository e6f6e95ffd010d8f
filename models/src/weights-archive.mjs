import { Parser } from 'tar';

import { corruptArchiveError, fileMissingError } from './install-error.mjs';
import { placeWeightsFile } from './weights-file.mjs';

/**
 * Takes the wanted files out of a (gzipped) tarball and stops reading as soon as it has the last one.
 * Files that are right stay in place even when another one fails.
 *
 * @param {AsyncIterable<Buffer>} chunks
 * @param {string} dir
 * @param {readonly import('./manifest.mjs').WeightsFile[]} wanted
 */
export async function extractWeights(chunks, dir, wanted) {
  const missing = new Map(wanted.map((file) => [file.path, file]));
  /** @type {Promise<void>[]} */
  const placing = [];
  /** @type {unknown} */
  let failure = null;
  const fail = (/** @type {unknown} */ error) => {
    failure ??= error;
  };

  const parser = new Parser({ strict: true });
  parser.on('error', (error) => fail(corruptArchiveError(error)));
  parser.on('entry', (entry) => {
    const file = missing.get(entry.path);
    if (file === undefined) {
      entry.resume();
      return;
    }
    /** @type {Buffer[]} */
    const parts = [];
    entry.on('data', (/** @type {Buffer} */ part) => parts.push(part));
    entry.on('end', () => {
      missing.delete(entry.path);
      placing.push(placeWeightsFile(dir, file, Buffer.concat(parts)).catch(fail));
    });
  });

  for await (const chunk of chunks) {
    // No back-pressure needed: inflating is synchronous and every entry is consumed as it appears.
    parser.write(chunk);
    if (failure !== null || missing.size === 0) break;
  }
  if (failure === null && missing.size > 0) parser.end();
  await Promise.all(placing);
  if (failure !== null) throw failure;
  if (missing.size > 0) throw fileMissingError([...missing.keys()]);
}
