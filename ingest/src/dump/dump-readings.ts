import type { FileHandle } from 'node:fs/promises';

/** Lines of a dump (`writeDump`) that hold the server's analysis rather than what the student's page sent, with the line break before them. */
const context = Buffer.from('\n"context":');
const folded = Buffer.from('\n"folded":');
const lineBreak = 0x0a;
/** Bytes at the end of a chunk that may be the beginning of such a line. */
const heldBytes = Math.max(context.length, folded.length) - 1;

/**
 * The bytes of a dump without alerts, other sessions, running analysis and amendments, for a reader who may not see the report. It is a valid
 * dump, from which a report without those can be made. Closes the file.
 */
export const dumpReadings = async function* (source: FileHandle): AsyncGenerator<Buffer> {
  try {
    yield* readingsIn(source.createReadStream({ autoClose: false }));
  } finally {
    await source.close();
  }
};

/** As `dumpReadings`, for a dump in chunks of any size. Searches for two lines only: splitting all of them took five times as long. */
export const readingsIn = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let isInContext = false;
  for await (const chunk of chunks) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (isInContext) {
      const end = held.indexOf(lineBreak);
      if (end === -1) {
        held = held.subarray(held.length);
        continue;
      }
      held = held.subarray(end);
      isInContext = false;
    }
    const contextAt = held.indexOf(context);
    if (contextAt !== -1) {
      const begin = contextAt + context.length;
      yield held.subarray(0, begin);
      yield Buffer.from('null,');
      const end = held.indexOf(lineBreak, begin);
      isInContext = end === -1;
      held = held.subarray(isInContext ? held.length : end);
    }
    const foldedAt = held.indexOf(folded);
    if (foldedAt !== -1) {
      // Amendments follow the analysis.
      yield held.subarray(0, foldedAt + folded.length);
      return yield Buffer.from('null}\n');
    }
    const sent = Math.max(0, held.length - heldBytes);
    if (sent > 0) yield held.subarray(0, sent);
    held = held.subarray(sent);
  }
  yield held;
};
