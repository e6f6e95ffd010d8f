import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { positionIn } from '../frames/frame-text.ts';
import type { FrameText } from '../frames/frame-text.ts';

/** The content of a block. */
export interface Block {
  links: ChainLink[];
  /** In order of arrival. */
  frames: StoredFrame[];
}

/** A block as it was read. Its frames are not parsed: at the end of a session, readers need texts or links. */
export interface ReadBlock {
  links: ChainLink[];
  /** In order of arrival. */
  texts: FrameText[];
}

/** Compresses and decompresses blocks. */
export interface BlockCodec {
  encode(block: Block): Promise<Buffer>;
  /** Rejects if the body is damaged. */
  decode(body: Buffer): Promise<ReadBlock>;
  close(): Promise<void>;
}

/** The best ratio for the time on real frames: 4 takes nearly as long, 9 takes ten times as long for 5 % less. */
const quality = 5;
/** A message holds at most 500 frames, and a block ends with the message that fills it. */
const maxTextBytes = 256 * 1024 * 1024;

/** A JSON object per line: the number of links, the links, then the frames. The frames' lines are exactly those of the dump. For a thread. */
export const encodeBlock = ({ links, frames }: Block): Buffer => {
  const lines = [JSON.stringify({ links: links.length }), ...[...links, ...frames].map((item) => JSON.stringify(item))];
  const text = Buffer.from(lines.join('\n'));
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
};

/** Throws if the body is damaged. For a thread. */
export const decodeBlock = (body: Uint8Array): ReadBlock => {
  const text = brotliDecompressSync(body, { maxOutputLength: maxTextBytes });
  const [head = '', ...lines] = text.toString().split('\n');
  const { links: linkCount } = JSON.parse(head) as { links: number };
  return {
    links: lines.slice(0, linkCount).map((line) => JSON.parse(line) as ChainLink),
    texts: lines.slice(linkCount).map((line) => ({ ...positionIn(line), text: line })),
  };
};
