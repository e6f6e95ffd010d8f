import type { SeqRange } from './channels/session.ts';
import type { FeatureFrame, StoredFrame } from './feature-frame.ts';

/**
 * The chain over a session's batches. Its first head is a nonce of the server; each link is
 *
 *     SHA-256( previous head ⏎ frame ⏎ frame … )    as lower-case hexadecimal
 *
 * over the frames that a batch newly brought, by rising number, each as canonical JSON (RFC 8785) of what the client sent: without
 * the server's `frame_id` and `received_at`. Hashing itself is the platform's and comes from the caller.
 */

/** One batch's place in the chain. */
export interface ChainLink {
  /** The head after this batch. */
  link: string;
  /** The frames that it covers. */
  seqs: SeqRange[];
  /** The client sent the same head with the batch: both sides saw the same frames, and the same chain before them. */
  confirmed: boolean;
}

/** A session's chain in short. */
export interface ChainState {
  nonce: string;
  head: string;
  links: number;
  confirmed: number;
  /** Frames that the links cover. */
  frames: number;
}

export const startChain = (nonce: string): ChainState => ({ nonce, head: nonce, links: 0, confirmed: 0, frames: 0 });

const memberOf = ([name, value]: [string, unknown]): string => `${JSON.stringify(name)}:${canonicalJson(value)}`;

/** Canonical JSON after RFC 8785, for values that JSON can hold. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // By UTF-16 code units, as the RFC wants it.
  return `{${members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(memberOf)
    .join(',')}}`;
};

/** What is hashed for the next link. @param frames by rising number. */
export const linkText = (previous: string, frames: readonly (FeatureFrame | StoredFrame)[]): string =>
  [previous, ...frames.map((frame) => canonicalJson({ ...frame, frame_id: undefined, received_at: undefined }))].join(
    '\n',
  );
