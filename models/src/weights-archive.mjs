import { Parser } from 'tar';

import { corruptArchiveError, fileMissingError } from './install-error.mjs';

/**
 * Hands the wanted files of a (gzipped) tarball to their placement and stops reading as soon as it has the last one.
 * Files that are right stay in place even when another one fails.
 *
 * @param {AsyncIterable<Buffer>} chunks
 * @param {import('./placement.mjs').Placement} placement
 */
export async function extractWeights(chunks, placement) {
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
    if (!placement.wants(entry.path)) {
      entry.resume();
      return;
    }
    /** @type {Buffer[]} */
    const parts = [];
    entry.on('data', (/** @type {Buffer} */ part) => parts.push(part));
    entry.on('end', () => {
      placing.push(placement.arrived(entry.path, Buffer.concat(parts)).catch(fail));
    });
  });

  for await (const chunk of chunks) {
    // No back-pressure needed: inflating is synchronous and every entry is consumed as it appears.
    parser.write(chunk);
    if (failure !== null || placement.missing.length === 0) break;
  }
  if (failure === null && placement.missing.length > 0) parser.end();
  await Promise.all(placing);
  if (failure !== null) throw failure;
  if (placement.missing.length > 0) throw fileMissingError(placement.missing);
}
