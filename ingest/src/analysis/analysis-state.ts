import { compareFrames, startSession, stepSession } from '@invigil/protocol/report';
import type { RuleSet } from '@invigil/protocol/rules';
import type { SessionState } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';

/** Where a frame stands in the one order in which frames are analysed. */
export type FramePosition = Pick<StoredFrame, 'timestamp' | 'seq' | 'frame_id'>;

/** A session's frames, folded one after the other up to `last`. Plain JSON. */
export interface Folded {
  state: SessionState;
  last: FramePosition | null;
  /** The smallest difference between server and client clock: delivery only ever adds to it, so it is the nearest to the clocks' own. */
  clockOffsetMs: number | null;
}

export const nothingFolded = (): Folded => ({ state: startSession(), last: null, clockOffsetMs: null });

export const foldFrame = (before: Folded, frame: StoredFrame, set: RuleSet): Folded => {
  const { timestamp, seq, frame_id } = frame;
  return {
    state: stepSession(before.state, frame, set)[0],
    last: { timestamp, seq, frame_id },
    clockOffsetMs: Math.min(before.clockOffsetMs ?? Infinity, frame.received_at - timestamp),
  };
};

export const isFolded = (folded: Folded, frame: FramePosition): boolean =>
  folded.last !== null && (frame.frame_id === folded.last.frame_id || compareFrames(frame, folded.last) < 0);
