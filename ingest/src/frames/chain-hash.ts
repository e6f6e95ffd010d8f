import { hash, randomBytes } from 'node:crypto';
import { linkText } from '@invigil/protocol/frame';
import type { FeatureFrame, StoredFrame } from '@invigil/protocol/frame';

/** The head after these frames. @param frames ascending by number. */
export const linkOf = (previous: string, frames: readonly (FeatureFrame | StoredFrame)[]): string =>
  hashOf(linkText(previous, frames));

/** The same from the frames' texts. @param texts results of `sentText` */
export const linkOfTexts = (previous: string, texts: readonly string[]): string =>
  hashOf([previous, ...texts].join('\n'));

const hashOf = (text: string): string => hash('sha256', text);

const nonceBytes = 32;
/** Random bytes are cheaper in bulk, and every append needs a nonce in case the chain begins with it. */
const noncesAtOnce = 128;
let pool = Buffer.alloc(0);

/** 256 random bits, as hex, for the beginning of a chain. */
export const makeNonce = (): string => {
  if (pool.length === 0) pool = randomBytes(nonceBytes * noncesAtOnce);
  const nonce = pool.toString('hex', 0, nonceBytes);
  pool = pool.subarray(nonceBytes);
  return nonce;
};

/** Names a session's blocks in the archive: 64 random bits, as hex. */
export const makeGeneration = (): string => makeNonce().slice(0, 16);
