import type { BlockInfo } from './frame-archive.ts';

/** Ends the name of every block's file or object. */
export const blockSuffix = '.block';
/** Enough for the description of any block, except in a session with many gaps. */
export const headBytes = 4096;

/** The content of a block's file or object: a line of JSON (its `BlockInfo`), then the body. */
export const blockFile = (info: BlockInfo, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(info)}\n`), body]);

/** The description at the beginning of a content; null if it ends later. */
export const infoOf = (content: Buffer): BlockInfo | null => {
  const end = content.indexOf('\n');
  return end === -1 ? null : (JSON.parse(content.toString('utf8', 0, end)) as BlockInfo);
};

export const bodyOf = (content: Buffer): Buffer => content.subarray(content.indexOf('\n') + 1);
