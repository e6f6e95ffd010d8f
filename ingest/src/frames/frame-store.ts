import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { ArrivalGroup } from './arrivals.ts';
import type { FrameText } from './frame-text.ts';

/**
 * Limit on the gaps in a session's sequence numbers. A client that sends in order has one or two. Redis searches the gaps for each number
 * of a message, so a hostile client must not be able to create many.
 */
export const maxGaps = 256;

export type LossCounts = Partial<Record<LossReason, number>>;

/** Frames that were dropped, by the process that counted them. */
export type DroppedCounts = Readonly<Record<string, number>>;

/** The content of one message: frames that the client numbered, and frames that it dropped. */
export interface FrameIntake {
  frames: readonly StoredFrame[];
  /** Sequence numbers that will never arrive. */
  lost: readonly { reason: LossReason; seqs: SeqRange }[];
  /** The client's totals since its session began. They include the frames in `lost`, so the greater of the two applies. */
  lossTotals: LossCounts;
  /** Frames without a number that the server dropped: all that one writer counted, so that writers never overwrite each other's counts. */
  dropped?: { writer: string; total: number };
  /** The head of the chain that the client expects after these frames; null if it sent none. */
  chain: string | null;
}

/** A frame in one of the documented single-frame formats; the store numbers it. */
export type UnnumberedFrame = Omit<StoredFrame, 'frame_id' | 'seq'>;

/** How many messages with frames a session has had: links of its chain, and frames without a number. */
export interface ArrivalPosition {
  links: number;
  unnumbered: number;
}

export const startPosition: ArrivalPosition = { links: 0, unnumbered: 0 };

export const messagesBefore = ({ links, unnumbered }: ArrivalPosition): number => links + unnumbered;

export interface StreamState {
  /** Every frame up to this number is stored or reported lost; -1 if there is none. */
  upToSeq: number;
  /** The highest number that is stored or reported lost; -1 if there is none. */
  highestSeq: number;
  /** Null before the first hello or batch. */
  chain: ChainState | null;
  losses: LossCounts;
  /** By writer, see `FrameIntake.dropped`. They are part of the losses. */
  dropped: DroppedCounts;
  /** No more frames are accepted. */
  isSealed: boolean;
  /** Frames that came too late to be stored, see `FrameStore.refuse`. */
  refused: number;
  /** Frames ever stored for the session, whether or not they have expired since. */
  frames: number;
  arrivals: ArrivalPosition;
}

/** The session is ending or has ended: no more frames are accepted. */
export interface Sealed {
  status: 'sealed';
  /** The time that `seal` was called with. */
  sealedAtMs: number;
}

/** Frames of a message that found its session sealed. */
export interface RefusedFrames {
  /** Numbers of frames that were sent or reported lost. */
  seqs: readonly SeqRange[];
  unnumbered: number;
}

export interface RefusedCount {
  /** All frames that were refused since the seal. */
  total: number;
  /** Those of them that this call has added. */
  added: number;
}

/** `first`: the store held nothing of this session until now, so the caller must check that the session may have frames. */
export type AppendResult =
  | {
      status: 'stored';
      /** The newly stored frames, ascending by number; the others were stored before. */
      stored: readonly StoredFrame[];
      duplicates: number;
      upToSeq: number;
      chain: string | null;
      first: boolean;
      /** The position after this message. */
      position: ArrivalPosition;
    }
  | Sealed;

export type AppendNextResult =
  | { status: 'stored'; frameId: string; receivedAt: number; first: boolean; position: ArrivalPosition }
  | Sealed;

/**
 * The frames of running sessions. The store moves `received_at` forward where necessary, so that each message of a session has a later
 * receipt than the previous one, on any replica: receipts give the order of arrival. A method that
 * resolves has stored its input completely; one that rejects (with an `IngestError`) has stored all of it or nothing,
 * and can be repeated: storing twice changes nothing.
 */
export interface FrameStore {
  /** The state that answers a `hello`. Begins the chain if there is none, unless the stream is sealed. `first` as with `append`. */
  openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }>;
  append(sessionId: string, intake: FrameIntake): Promise<AppendResult>;
  /** Numbers the frame in order of arrival (`srv-0`, `srv-1`, …) and stores it. Not idempotent: an unnumbered frame has no identity. */
  appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult>;
  stateOf(sessionId: string): Promise<StreamState>;
  /**
   * From now on no replica accepts frames of this session. Stored frames can be read. The first call's time stays.
   * @param atMs when the session ended, by a clock that the replicas share
   */
  seal(sessionId: string, atMs: number): Promise<void>;
  /**
   * Counts frames of a sealed session that are neither stored nor reported lost. A number counts once, however often it is refused. Does nothing if
   * the session is not sealed.
   */
  refuse(sessionId: string, frames: RefusedFrames): Promise<RefusedCount>;
  /**
   * The frames stored when reading began, and possibly some stored later, in chunks, in the order of protocol's `compareFrames`. With
   * `fromMs`, only frames from that timestamp on; earlier frames add no cost.
   */
  read(sessionId: string, fromMs?: number): AsyncIterable<StoredFrame[]>;
  /** The same frames in the same order, as text. Frames of the archive are parsed on the way, for their order. */
  readTexts(sessionId: string): AsyncIterable<FrameText[]>;
  /** The session's messages in order of arrival, after a position. Each has a later receipt than the previous one. */
  arrivals(sessionId: string, from?: ArrivalPosition): AsyncIterable<ArrivalGroup>;
  /** The links of the session's chain, in order, in chunks. */
  links(sessionId: string): AsyncIterable<ChainLink[]>;
  /**
   * Removes the frames of a session that has ended. The seal stays as long as a stream's state, so that messages on their way are refused and
   * counted. @param atMs for the seal, if there is none
   */
  retire(sessionId: string, atMs: number): Promise<void>;
  /** Removes all of a session's data, including the seal. */
  clear(sessionId: string): Promise<void>;
  /** Rejects if the store cannot accept frames. */
  check(): Promise<void>;
  close(): Promise<void>;
}
