import { createHash, randomBytes } from 'node:crypto';
import { linkText } from '@invigil/protocol';
import type { FeatureFrame, StoredFrame } from '@invigil/protocol';

/** The head after these frames. @param frames by rising number. */
export const linkOf = (previous: string, frames: readonly (FeatureFrame | StoredFrame)[]): string =>
  createHash('sha256').update(linkText(previous, frames)).digest('hex');

/** 256 bits by chance, for the beginning of a chain. */
export const makeNonce = (): string => randomBytes(32).toString('hex');
