import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { ArrivalPosition, FrameStore } from './frame-store.ts';
import type { FrameText } from './frame-text.ts';
import type { ResumedStream } from './resumed-stream.ts';

/** How far a session's frames have moved to the archive. */
export interface ArchivedTo {
  /** Random; differs after the session was cleared, or was lost without blocks to continue from, so that blocks of different streams never mix. */
  generation: string;
  /** Every message before this position is in the archive. */
  position: ArrivalPosition;
}

/** The messages in `from` (inclusive) to `to` (exclusive). */
export interface ArrivalSpan {
  from: ArrivalPosition;
  to: ArrivalPosition;
}

/** `moved`: another replica has removed them. `gone`: the session was cleared, or lost. */
export type RemovalResult = 'removed' | 'moved' | 'gone';

/** A frame's place in the index of times. */
export interface IndexedFrame {
  frameId: string;
  /** Milliseconds. */
  timestamp: number;
}

/**
 * A frame store whose older frames move to the archive. Its `read`, `arrivals` and `links` return only what has not moved;
 * `ArchivedFrameStore` returns everything.
 */
export interface HotFrameStore extends FrameStore {
  /** Null if the store has nothing of the session. The first call begins a generation. */
  archivedTo(sessionId: string): Promise<ArchivedTo | null>;
  /** Ids and times of the frames from a time on, ascending by time, in pages. */
  index(sessionId: string, fromMs: number): AsyncIterable<IndexedFrame[]>;
  /** Those of the frames that have not moved, in any order. */
  frames(sessionId: string, frameIds: readonly string[]): Promise<StoredFrame[]>;
  /** The same as text. */
  texts(sessionId: string, frames: readonly IndexedFrame[]): Promise<FrameText[]>;
  /** Some links from a place on; null if that place has moved to the archive. Empty at the end. */
  linksFrom(sessionId: string, place: number): Promise<ChainLink[] | null>;
  /** Removes archived messages, if the archived position of that generation is still `span.from`. */
  removeArchived(
    sessionId: string,
    generation: string,
    span: ArrivalSpan,
    frameIds: readonly string[],
  ): Promise<RemovalResult>;
  /**
   * Continues a stream that the store lost, or that it restored from an older state, after its archived messages. False if the stream stays as it
   * is, see `resumeStream`.
   */
  resume(sessionId: string, from: ResumedStream): Promise<boolean>;
  /**
   * Calls the listener when a stream that this process has used is missing, before the stream begins again. The listener returns whether it resumed
   * the stream.
   */
  onMissing(listener: (sessionId: string) => Promise<boolean>): void;
  /** Changes when the store may have lost data unnoticed: it was unreachable for a moment. */
  epoch(): number;
  /**
   * Claims or renews the archiving of a session, so that replicas do not do the same work. Nothing is lost if two replicas archive a session
   * nevertheless. False if another one holds the claim.
   */
  claimArchiving(sessionId: string, owner: string, forMs: number): Promise<boolean>;
  releaseArchiving(sessionId: string, owner: string): Promise<void>;
}
