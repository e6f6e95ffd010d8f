import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import type { LossReason, SeqRange } from '@invigil/protocol/channels';

/**
 * Gaps in a session's sequence numbers that are kept apart. A client that sends in order has one or two. Each number of a message is
 * looked for among them, inside Redis, so a hostile client must not be able to make them many.
 */
export const maxGaps = 256;

export type LossCounts = Partial<Record<LossReason, number>>;

/** What one message brings: frames that the client numbered, and what it gave up. */
export interface FrameIntake {
  frames: readonly StoredFrame[];
  /** Sequence numbers that will never come. */
  lost: readonly { reason: LossReason; seqs: SeqRange }[];
  /** Totals of the client since its session began; counts again what `lost` names, so the greater of both holds. */
  lossTotals: LossCounts;
  /** The head of the chain that the client expects after these frames; null when it did not say. */
  chain: string | null;
}

/** A frame of the documented single shapes; the store numbers it. */
export type UnnumberedFrame = Omit<StoredFrame, 'frame_id' | 'seq'>;

export interface StreamState {
  /** Every frame up to here is stored or stated lost; -1 when there is none. */
  upToSeq: number;
  /** The highest number that is stored or stated lost; -1 when there is none. */
  highestSeq: number;
  /** Null before the first hello or batch. */
  chain: ChainState | null;
  losses: LossCounts;
  /** Frames ever stored for the session, whether or not they have expired since. */
  frames: number;
}

/** The session is ending: nothing more is taken. */
export interface Sealed {
  status: 'sealed';
}

/** `first`: nothing was known of the session before, so the caller should make sure that it may have frames at all. */
export type AppendResult =
  | {
      status: 'stored';
      /** The frames that were stored now, by rising number; the others had been stored before. */
      stored: readonly StoredFrame[];
      duplicates: number;
      upToSeq: number;
      chain: string | null;
      first: boolean;
    }
  | Sealed;

export type AppendNextResult = { status: 'stored'; frameId: string; first: boolean } | Sealed;

/**
 * Keeps the frames of running sessions. A method that resolves has stored what it was given, whole; one that rejects (with an
 * `IngestError`) may have stored all of it or nothing, and may be repeated: storing twice changes nothing.
 */
export interface FrameStore {
  /** A client asks where it stands. Its chain begins here, if it had not before. `first` as with `append`. */
  greet(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }>;
  append(sessionId: string, intake: FrameIntake): Promise<AppendResult>;
  /** Numbers the frame in order of arrival (`srv-0`, `srv-1`, …) and stores it. Not idempotent: it has no identity before. */
  appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult>;
  stateOf(sessionId: string): Promise<StreamState>;
  /** From here on nothing is taken for this session, by any replica; what was taken before can be read. */
  seal(sessionId: string): Promise<void>;
  /**
   * The frames that were there when reading began, in chunks, in the order of protocol's `compareFrames`; with `fromMs` those with
   * that timestamp or a later one, at the cost of those alone.
   */
  read(sessionId: string, fromMs?: number): AsyncIterable<StoredFrame[]>;
  /** The links of the session's chain, in order, in pieces. */
  links(sessionId: string): AsyncIterable<ChainLink[]>;
  /** Removes everything of a session, the seal included. */
  clear(sessionId: string): Promise<void>;
  /** Rejects when the store cannot take frames. */
  check(): Promise<void>;
  close(): Promise<void>;
}
