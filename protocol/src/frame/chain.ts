import { canonicalJson } from './canonical-json.ts';
import type { FeatureFrame, StoredFrame } from './feature-frame.ts';
import type { SeqRange } from './seq-range.ts';

/**
 * Hash chain over a session's batches. Its first head is a nonce that the server draws; each link is
 *
 *     SHA-256( previous head ⏎ frame ⏎ frame … )    as lower-case hexadecimal
 *
 * over the frames that are new in a batch, by ascending sequence number. Each frame is written as canonical JSON
 * (RFC 8785) of the fields that the client sent, without the server's `frame_id` and `received_at`. Callers hash with
 * their platform's SHA-256.
 */

/** One batch's place in the chain. */
export interface ChainLink {
  /** Head of the chain after this batch. */
  link: string;
  /** Sequence numbers of the frames that this link covers. */
  seqs: SeqRange[];
  /** True if the client sent the same head with the batch: both sides have the same frames and the same history. */
  confirmed: boolean;
}

/** Summary of a session's chain. */
export interface ChainState {
  nonce: string;
  head: string;
  /** Number of links, and how many of them the client confirmed. */
  links: number;
  confirmed: number;
  /** Number of frames that the links cover. */
  frames: number;
}

/** The state of a chain without links; its head is the nonce. */
export const startChain = (nonce: string): ChainState => ({ nonce, head: nonce, links: 0, confirmed: 0, frames: 0 });

const addedByServer: ReadonlySet<string> = new Set(['frame_id', 'received_at']);

/** A frame as it enters the hash: canonical JSON of what the client sent. */
export const sentText = (frame: FeatureFrame | StoredFrame): string => canonicalJson(frame, addedByServer);

/**
 * The text whose SHA-256 is the next link.
 *
 * @param previous head of the chain so far
 * @param frames new frames of the batch, by ascending `seq`
 * @example
 * linkText('nonce', [{ seq: 3, timestamp: 5, face_present: 1 }]);
 * // 'nonce\n{"face_present":1,"seq":3,"timestamp":5}'
 */
export const linkText = (previous: string, frames: readonly (FeatureFrame | StoredFrame)[]): string =>
  [previous, ...frames.map(sentText)].join('\n');
