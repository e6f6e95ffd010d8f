import { lossReasons } from '@invigil/protocol/channels';
import type { ChainLink, ChainState } from '@invigil/protocol/frame';
import type { LossCounts, StreamState } from './frame-store.ts';
import { mergeLosses } from './loss-counts.ts';
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

/** Reads a session's stream hash, as the Redis scripts write it. An empty hash is a session without frames. */
export const parseStreamHash = (hash: Record<string, string>): StreamState => {
  const counts = (kind: 'lost' | 'told'): LossCounts =>
    Object.fromEntries(lossReasons.map((reason) => [reason, Number(hash[`${kind}:${reason}`] ?? 0)]));
  const coverage = parseCoverage(hash['seqs'] ?? '');
  const numbered = counts('lost');
  return {
    upToSeq: upToSeq(coverage),
    highestSeq: highestSeq(coverage),
    chain: chainOf(hash),
    losses: mergeLosses(numbered, counts('told')),
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
