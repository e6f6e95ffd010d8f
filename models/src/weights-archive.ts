import { Parser } from 'tar';

import { corruptArchiveError, fileMissingError } from './install-error.ts';
import type { Placement } from './placement.ts';

/**
 * Passes the wanted files of a (gzipped) tarball to their placement and stops reading after the last one. Valid files
 * stay in place even if another one fails.
 */
export const extractWeights = async (chunks: AsyncIterable<Buffer>, placement: Placement) => {
  const placing: Promise<void>[] = [];
  let failure: unknown = null;
  const fail = (error: unknown) => {
    failure ??= error;
  };

  const parser = new Parser({ strict: true });
  parser.on('error', (error) => fail(corruptArchiveError(error)));
  parser.on('entry', (entry) => {
    if (!placement.wants(entry.path)) {
      entry.resume();
      return;
    }
    const parts: Buffer[] = [];
    entry.on('data', (part: Buffer) => parts.push(part));
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
};
