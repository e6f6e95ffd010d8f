import { lossReasons } from '@invigil/protocol/channels';
import type { ChainLink, ChainState } from '@invigil/protocol/frame';
import type { DroppedCounts, LossCounts, StreamState } from './frame-store.ts';
import { mergeLosses, withDropped } from './loss-counts.ts';
import { highestSeq, parseCoverage, upToSeq } from './seq-coverage.ts';
import { storedFrames } from './stream.ts';

const chainOf = (hash: Record<string, string>): ChainState | null => {
  const { nonce, chain: head = nonce, links = '0', confirmed = '0', chained = '0' } = hash;
  if (nonce === undefined || head === undefined) return null;
  return { nonce, head, links: Number(links), confirmed: Number(confirmed), frames: Number(chained) };
};

/** Fields and values in turn, as a script returns a hash. */
export const hashOf = (fields: readonly string[]): Record<string, string> => {
  const hash: Record<string, string> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) hash[fields[at] ?? ''] = fields[at + 1] ?? '';
  return hash;
};

const lossFields = (kind: 'lost' | 'told') => lossReasons.map((reason) => [reason, `${kind}:${reason}`] as const);
const numberedFields = lossFields('lost');
const toldFields = lossFields('told');

const lossCounts = (hash: Record<string, string>, fields: typeof numberedFields): LossCounts => {
  const counts: LossCounts = {};
  for (const [reason, field] of fields) counts[reason] = Number(hash[field] ?? 0);
  return counts;
};

const droppedPrefix = 'dropped:';

export const droppedField = (writer: string): string => droppedPrefix + writer;

const droppedCounts = (hash: Record<string, string>): DroppedCounts => {
  const counts: Record<string, number> = {};
  for (const field of Object.keys(hash)) {
    if (field.startsWith(droppedPrefix)) counts[field.slice(droppedPrefix.length)] = Number(hash[field]);
  }
  return counts;
};

/** Reads a session's stream hash, as the Redis scripts write it. An empty hash is a session without frames. */
export const parseStreamHash = (hash: Record<string, string>): StreamState => {
  const coverage = parseCoverage(hash['seqs'] ?? '');
  const numbered = lossCounts(hash, numberedFields);
  const dropped = droppedCounts(hash);
  return {
    upToSeq: upToSeq(coverage),
    highestSeq: highestSeq(coverage),
    chain: chainOf(hash),
    losses: withDropped(mergeLosses(numbered, lossCounts(hash, toldFields)), dropped),
    dropped,
    isSealed: hash['sealed'] !== undefined,
    refused: Number(hash['refused'] ?? 0),
    frames: storedFrames(coverage, numbered, Number(hash['srv'] ?? 0)),
    arrivals: { links: Number(hash['links'] ?? 0), unnumbered: Number(hash['srv'] ?? 0) },
  };
};

/** Reads `c0ffee… 1 0-4,6-6`, as the Redis script writes it. */
export const parseLink = (text: string): ChainLink => {
  const [link = '', confirmed, seqs = ''] = text.split(' ');
  return { link, seqs: [...parseCoverage(seqs)], confirmed: confirmed === '1' };
};
