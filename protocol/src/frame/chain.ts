import type { SeqRange } from '../channels/session.ts';
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

interface Order {
  /** As an object has them, and where each comes among them sorted by UTF-16 code units, as the RFC wants it. */
  names: readonly string[];
  sorted: readonly string[];
  /** `"name":` of each sorted one. */
  prefixes: readonly string[];
}

const orderOf = (names: readonly string[]): Order => {
  const sorted = names.toSorted((a, b) => (a < b ? -1 : 1));
  return { names, sorted, prefixes: sorted.map((name) => `${JSON.stringify(name)}:`) };
};

/** A client's frames have the same fields in the same order: sorting them anew for each would cost more than writing them. */
let lastOrder = orderOf([]);
const fewNames = 8;

const sortedNames = (names: readonly string[]): Order => {
  // What is inside a frame is small, and must not take the frames' place.
  if (names.length < fewNames) return orderOf(names);
  const { names: known } = lastOrder;
  if (names.length !== known.length || names.some((name, at) => name !== known[at])) lastOrder = orderOf(names);
  return lastOrder;
};

const membersOf = (object: Readonly<Record<string, unknown>>, leftOut: ReadonlySet<string>): string => {
  const { sorted, prefixes } = sortedNames(Object.keys(object));
  let text = '';
  for (let at = 0; at < sorted.length; at += 1) {
    const name = sorted[at]!;
    const member = object[name];
    if (member === undefined || leftOut.has(name)) continue;
    const value = typeof member === 'number' && Number.isFinite(member) ? String(member) : canonicalJson(member);
    text += (text === '' ? '' : ',') + prefixes[at]! + value;
  }
  return `{${text}}`;
};

const nothing: ReadonlySet<string> = new Set();
const addedByServer: ReadonlySet<string> = new Set(['frame_id', 'received_at']);

/** Canonical JSON after RFC 8785, for values that JSON can hold. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return membersOf(value as Readonly<Record<string, unknown>>, nothing);
};

/** What the client sent of a frame, as it is hashed. */
export const sentText = (frame: FeatureFrame | StoredFrame): string =>
  membersOf(frame as unknown as Readonly<Record<string, unknown>>, addedByServer);

/** What is hashed for the next link. @param frames by rising number. */
export const linkText = (previous: string, frames: readonly (FeatureFrame | StoredFrame)[]): string =>
  [previous, ...frames.map(sentText)].join('\n');
