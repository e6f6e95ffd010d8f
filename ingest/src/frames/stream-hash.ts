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

const droppedPrefix = 'dropped:';

export const droppedField = (writer: string): string => droppedPrefix + writer;

const droppedCounts = (hash: Record<string, string>): DroppedCounts =>
  Object.fromEntries(
    Object.entries(hash)
      .filter(([field]) => field.startsWith(droppedPrefix))
      .map(([field, total]) => [field.slice(droppedPrefix.length), Number(total)]),
  );

/** Reads a session's stream hash, as the Redis scripts write it. An empty hash is a session without frames. */
export const parseStreamHash = (hash: Record<string, string>): StreamState => {
  const counts = (kind: 'lost' | 'told'): LossCounts =>
    Object.fromEntries(lossReasons.map((reason) => [reason, Number(hash[`${kind}:${reason}`] ?? 0)]));
  const coverage = parseCoverage(hash['seqs'] ?? '');
  const numbered = counts('lost');
  const dropped = droppedCounts(hash);
  return {
    upToSeq: upToSeq(coverage),
    highestSeq: highestSeq(coverage),
    chain: chainOf(hash),
    losses: withDropped(mergeLosses(numbered, counts('told')), dropped),
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
