import { compareFrames, startArrivals, startSession, stepArrivals, stepSession } from '@invigil/protocol/report';
import type { RuleEvent, RuleSet } from '@invigil/protocol/rules';
import type { SessionState } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { startPosition } from '../frames/frame-store.ts';
import type { FramePosition } from '../frames/frame-text.ts';
import type { ArrivalPosition } from '../frames/frame-store.ts';
import { startReceiptChain, stepReceiptChain } from './receipt-chain.ts';

/** The analysis of a session's frames up to and including `last`. Plain JSON. */
export interface AnalysisState {
  state: SessionState;
  last: FramePosition | null;
  /**
   * Server clock minus client clock, milliseconds: the smallest difference seen, because delivery time only increases it. Null before
   * the first frame.
   */
  clockOffsetMs: number | null;
  /** Set by rules that analyse in order of arrival: the messages so far, and the hash over their frames' receipts. */
  arrived?: { position: ArrivalPosition; receipts: string };
}

/** @param startedMs the session's start, server clock */
export const startAnalysis = (set: RuleSet, startedMs: number): AnalysisState =>
  set.order === 'arrival'
    ? {
        state: startArrivals(startedMs),
        last: null,
        clockOffsetMs: null,
        arrived: { position: startPosition, receipts: startReceiptChain },
      }
    : { state: startSession(), last: null, clockOffsetMs: null };

/** Adds the next frame in the order of analysis. Returns the new state and which observations opened or closed. Pure. */
export const stepAnalysis = (before: AnalysisState, frame: StoredFrame, set: RuleSet): [AnalysisState, RuleEvent[]] => {
  const { timestamp, seq, frame_id } = frame;
  const { arrived } = before;
  const [state, events] =
    arrived === undefined ? stepSession(before.state, frame, set) : stepArrivals(before.state, frame, set);
  const clockOffsetMs = Math.min(before.clockOffsetMs ?? Infinity, frame.received_at - timestamp);
  const last = { timestamp, seq, frame_id };
  if (arrived === undefined) return [{ state, last, clockOffsetMs }, events];
  const receipts = stepReceiptChain(arrived.receipts, frame);
  return [{ state, last, clockOffsetMs, arrived: { position: arrived.position, receipts } }, events];
};

/** Adds the next message in order of arrival. */
export const stepGroup = (
  before: AnalysisState,
  { frames, position }: ArrivalGroup,
  set: RuleSet,
): [AnalysisState, RuleEvent[]] => {
  let state = before;
  const events: RuleEvent[] = [];
  for (const frame of frames) {
    const [next, added] = stepAnalysis(state, frame, set);
    state = next;
    if (added.length > 0) events.push(...added);
  }
  const { receipts = startReceiptChain } = state.arrived ?? {};
  return [{ ...state, arrived: { position, receipts } }, events];
};

/** Whether the frame is the last one of this analysis or comes before it. */
export const isBehind = ({ last }: AnalysisState, frame: FramePosition): boolean =>
  last !== null && (frame.frame_id === last.frame_id || compareFrames(frame, last) < 0);

/** Client numbers and server numbers (`srv-…`) are separate sequences. */
const isOfClient = ({ frame_id, seq }: FramePosition): boolean => frame_id === String(seq);

/** Whether no other frame of the frame's sequence can lie between the two. */
export const isNextFrame = (frame: FramePosition, last: FramePosition | null): boolean =>
  last === null || isOfClient(last) !== isOfClient(frame) || frame.seq <= last.seq + 1;
