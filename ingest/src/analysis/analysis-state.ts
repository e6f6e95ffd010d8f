import { compareFrames, startSession, stepSession } from '@invigil/protocol/report';
import type { RuleEvent, RuleSet } from '@invigil/protocol/rules';
import type { SessionState } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';

/** A frame's position in the order of analysis (`compareFrames`). */
export type FramePosition = Pick<StoredFrame, 'timestamp' | 'seq' | 'frame_id'>;

/** The analysis of a session's frames up to and including `last`. Plain JSON. */
export interface AnalysisState {
  state: SessionState;
  last: FramePosition | null;
  /**
   * Server clock minus client clock, milliseconds: the smallest difference seen, because delivery time only adds to it. Null before
   * the first frame.
   */
  clockOffsetMs: number | null;
}

export const startAnalysis = (): AnalysisState => ({ state: startSession(), last: null, clockOffsetMs: null });

/** Adds the next frame in the order of analysis. Returns the new state and which observations opened or closed. Pure. */
export const stepAnalysis = (before: AnalysisState, frame: StoredFrame, set: RuleSet): [AnalysisState, RuleEvent[]] => {
  const { timestamp, seq, frame_id } = frame;
  const [state, events] = stepSession(before.state, frame, set);
  const clockOffsetMs = Math.min(before.clockOffsetMs ?? Infinity, frame.received_at - timestamp);
  return [{ state, last: { timestamp, seq, frame_id }, clockOffsetMs }, events];
};

/** Whether the frame is the last one of this analysis or comes before it. */
export const isBehind = ({ last }: AnalysisState, frame: FramePosition): boolean =>
  last !== null && (frame.frame_id === last.frame_id || compareFrames(frame, last) < 0);
