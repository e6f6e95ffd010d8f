import type { SeqRange } from '@invigil/protocol/channels';
import type { ChainState } from '@invigil/protocol/frame';
import { messagesBefore } from './frame-store.ts';
import type { ArchivedTo } from './hot-frame-store.ts';
import { cover } from './seq-coverage.ts';
import type { Stream } from './stream.ts';

/** A stream whose messages are all in the archive. */
export interface ResumedStream {
  archived: ArchivedTo;
  chain: ChainState | null;
  /** Numbers of its frames. */
  seqs: readonly SeqRange[];
  /** The latest receipt, milliseconds. */
  receivedMs: number;
}

/**
 * The stream as it continues after the archived messages, with the losses that were reported since. Null if nothing is to be restored: the stream has
 * messages that are not in the archive, or it already has all that are. Decides as the Redis script does.
 */
export const resumeStream = (stream: Stream, { archived, chain, seqs, receivedMs }: ResumedStream): Stream | null => {
  const { position } = archived;
  const known = { links: stream.chain?.links ?? 0, unnumbered: stream.nextServerNumber };
  const isBehind =
    known.links <= position.links &&
    known.unnumbered <= position.unnumbered &&
    messagesBefore(known) < messagesBefore(position);
  if (stream.seal?.isRetired === true || !isBehind || (stream.lastReceivedMs ?? 0) > receivedMs) return null;
  const coverage = seqs.reduce((covered, range) => cover(covered, range).coverage, stream.coverage);
  return {
    ...stream,
    coverage,
    chain: chain ?? stream.chain,
    nextServerNumber: position.unnumbered,
    lastReceivedMs: receivedMs,
    archived,
  };
};
