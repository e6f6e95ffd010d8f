import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { TimeSlice } from '../time/time-slice.ts';

/** The content of a block. */
export interface Block {
  links: ChainLink[];
  /** In order of arrival. */
  frames: StoredFrame[];
}

/** A block as it was read. */
export interface ReadBlock extends Block {
  /** The JSON of each frame. */
  texts: string[];
}

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** The best ratio for the time on real frames: 4 takes nearly as long, 9 takes ten times as long for 5 % less. */
const quality = 5;
/** A message holds at most 500 frames, and a block ends with the message that fills it. */
const maxTextBytes = 256 * 1024 * 1024;

/**
 * A JSON object per line: the number of links, the links, then the frames. The frames' lines are exactly those of the dump. Node compresses in
 * its thread pool.
 */
export const encodeBlock = async ({ links, frames }: Block): Promise<Buffer> => {
  const slice = new TimeSlice();
  const lines = [JSON.stringify({ links: links.length })];
  for (const item of [...links, ...frames]) {
    lines.push(JSON.stringify(item));
    if (slice.isOver()) await slice.next();
  }
  const text = Buffer.from(lines.join('\n'));
  return compress(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
};

/** Rejects if the body is damaged. */
export const decodeBlock = async (body: Buffer): Promise<ReadBlock> => {
  const text = await decompress(body, { maxOutputLength: maxTextBytes });
  const [head = '', ...lines] = text.toString().split('\n');
  const { links: linkCount } = JSON.parse(head) as { links: number };
  const slice = new TimeSlice();
  const block: ReadBlock = { links: [], frames: [], texts: lines.slice(linkCount) };
  for (const [at, line] of lines.entries()) {
    if (at < linkCount) block.links.push(JSON.parse(line) as ChainLink);
    else block.frames.push(JSON.parse(line) as StoredFrame);
    if (slice.isOver()) await slice.next();
  }
  return block;
};
