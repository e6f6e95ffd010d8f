import type { ChainLink, ChainState } from '@invigil/protocol/frame';
import { parseCoverage } from './seq-coverage.ts';

/** The chain's fields in the hash of a stream in Redis; null before it began. */
export const chainOfHash = (hash: Record<string, string>): ChainState | null => {
  const { nonce, chain: head = nonce, links = '0', confirmed = '0', chained = '0' } = hash;
  if (nonce === undefined || head === undefined) return null;
  return { nonce, head, links: Number(links), confirmed: Number(confirmed), frames: Number(chained) };
};

/** Reads `c0ffee… 1 0-4,6-6`, as the Redis script writes it. */
export const parseLink = (text: string): ChainLink => {
  const [link = '', confirmed, seqs = ''] = text.split(' ');
  return { link, seqs: [...parseCoverage(seqs)], confirmed: confirmed === '1' };
};
