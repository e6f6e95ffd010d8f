import { open } from 'node:fs/promises';
import { IngestError } from '../model/ingest-error.ts';
import { parseDump } from './analyze-dump.ts';
import { nullIfAbsent } from './null-if-absent.ts';

/** The start, end and frame count of a dump, for comparison with the stored frames. */
export interface DumpFacts {
  startedAt: string;
  endedAt: string | null;
  frames: number;
}

const beginOfFrames = Buffer.from('"frames":[\n');
const [lineBreak, endOfFrames] = [0x0a, ']'.charCodeAt(0)];
/** Far more than a header with all its alerts and answers needs. */
const maxHeaderBytes = 16 * 1024 * 1024;

/**
 * Reads a dump that this server wrote (`writeDump`: one frame per line) in constant memory, whatever its size: it parses the header and counts
 * the lines of frames. Null if the file does not exist. @throws IngestError `not_a_dump`
 */
export const dumpFacts = async (path: string): Promise<DumpFacts | null> => {
  const file = await open(path).catch(nullIfAbsent);
  if (file === null) return null;
  try {
    return await factsIn(file.createReadStream({ autoClose: false }));
  } finally {
    await file.close();
  }
};

/** As `dumpFacts`, for a dump in chunks of any size. */
export const factsIn = async (chunks: AsyncIterable<Buffer>): Promise<DumpFacts> => {
  const lines = new LineCount();
  const header: Buffer[] = [];
  let headerBytes = 0;
  /** The end of the header so far: `beginOfFrames` may be split between chunks. */
  let tail: Buffer = Buffer.alloc(0);
  let session: { started_at: string; ended_at: string | null } | null = null;
  for await (const chunk of chunks) {
    let rest = chunk;
    if (session === null) {
      const searched = Buffer.concat([tail, chunk]);
      const at = searched.indexOf(beginOfFrames);
      const end = at === -1 ? searched.length : at + beginOfFrames.length;
      header.push(searched.subarray(tail.length, end));
      headerBytes += end - tail.length;
      tail = searched.subarray(1 - beginOfFrames.length);
      if (at === -1 && headerBytes <= maxHeaderBytes) continue;
      if (at === -1) break;
      ({ session } = parseDump(`${Buffer.concat(header).toString('utf8')}]}`));
      rest = searched.subarray(end);
    }
    if (lines.add(rest)) return { startedAt: session.started_at, endedAt: session.ended_at, frames: lines.count };
  }
  throw new IngestError('not_a_dump', `not a dump: it has no ${session === null ? 'frames' : 'end of its frames'}`);
};

/** Counts the lines of the frames. */
class LineCount {
  count = 0;
  #isAtStart = true;

  /** @returns whether the frames end in these bytes */
  add(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#isAtStart) {
        if (bytes[at] === endOfFrames) return true;
        this.count += 1;
      }
      const end = bytes.indexOf(lineBreak, at);
      this.#isAtStart = end !== -1;
      if (end === -1) return false;
      at = end + 1;
    }
    return false;
  }
}
