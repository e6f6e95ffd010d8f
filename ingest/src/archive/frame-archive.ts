import type { ArrivalPosition } from '../frames/frame-store.ts';
import type { ArrivalSpan } from '../frames/hot-frame-store.ts';
import type { SeqRange } from '@invigil/protocol/channels';

/** A compressed block: the messages of a session from one position of their order of arrival to another. Plain JSON. */
export interface BlockInfo extends ArrivalSpan {
  generation: string;
  frames: number;
  /** Numbers of the client's frames. Those of the server's follow from the positions. */
  seqs: SeqRange[];
  /** The earliest and latest timestamp of its frames, milliseconds. */
  minMs: number;
  maxMs: number;
  /** Lets a stream that the store lost continue after this block. Absent in blocks of earlier servers. */
  end?: BlockEnd;
}

interface BlockEnd {
  /** Of the chain; null in a session whose frames have no numbers. */
  nonce: string | null;
  /** Null if the block has no links. */
  head: string | null;
  /** Links of the block that the client confirmed. */
  confirmed: number;
  /** The latest receipt, milliseconds. */
  receivedMs: number;
}

/** Identifies a block in its session. */
export const blockName = ({ generation, from }: { generation: string; from: ArrivalPosition }): string =>
  `${generation}-${from.links}-${from.unnumbered}`;

/**
 * Blocks of frames, for any number of replicas. A method that resolves is durable. Rejections are of an `IngestError`, and each method can
 * be repeated.
 */
export interface FrameArchive {
  /**
   * Stores a block, unless the session has one of the same generation and beginning. That one stays as it is, however many replicas write.
   * @returns the block that is stored now
   */
  put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo>;
  /** All blocks of a session, in any order. */
  list(sessionId: string): Promise<BlockInfo[]>;
  /** The body of a block that `list` returned. */
  read(sessionId: string, info: BlockInfo): Promise<Buffer>;
  /** Removes the blocks of one generation, or all blocks of the session. */
  clear(sessionId: string, generation?: string): Promise<void>;
  /** Ids of sessions with blocks, in a fixed order, after one of them, at most `limit`. Fewer only at the end. */
  sessions(after: string, limit: number): Promise<string[]>;
  /** Rejects if blocks cannot be stored. */
  check(): Promise<void>;
}
