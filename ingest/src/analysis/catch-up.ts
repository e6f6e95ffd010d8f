import type { FrameStore, StreamState } from '../frames/frame-store.ts';
import type { StoredFrame } from '@invigil/protocol/frame';
import { isSameRules, ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import { isBehind, startAnalysis, stepAnalysis, stepGroup } from './analysis-state.ts';
import type { AnalysisState } from './analysis-state.ts';
import { TimeSlice } from '../time/time-slice.ts';

/** A session's analysis as of now. */
export interface Analysis {
  stream: StreamState;
  rules: AnalysisRules;
  /** Covers every stored frame. */
  folded: AnalysisState;
}

export interface CaughtUp extends Analysis {
  /** Covers the leading frames that no later frame can precede, so it is safe as a checkpoint. */
  settled: AnalysisState;
}

/**
 * The checkpoint leaves out frames behind a gap, because the missing frame may still arrive. At most this many, so that a client that never
 * accounts for a number cannot make the tail grow with the session.
 */
const maxUnsettledFrames = 500;

const isSettled = (frame: StoredFrame, stream: StreamState): boolean =>
  // Numbers that the server assigned are in order.
  frame.frame_id !== String(frame.seq) || frame.seq <= stream.upToSeq;

interface FramesRead {
  store: FrameStore;
  sessionId: string;
  stream: StreamState;
}

/** In order of arrival no later frame can precede an analysed one, so everything is settled. */
const foldArrivals = async (
  { store, sessionId, stream }: FramesRead,
  from: AnalysisState,
  rules: AnalysisRules,
): Promise<CaughtUp> => {
  const set = ruleSetOf(rules);
  let folded = from;
  const slice = new TimeSlice();
  for await (const { frames, position } of store.arrivals(sessionId, from.arrived?.position)) {
    slice.resume();
    for (const frame of frames) {
      [folded] = stepAnalysis(folded, frame, set);
      if (slice.isOver()) await slice.next();
    }
    [folded] = stepGroup(folded, { frames: [], position }, set);
  }
  return { stream, rules, folded, settled: folded };
};

const foldTail = async (
  { store, sessionId, stream }: FramesRead,
  from: AnalysisState,
  rules: AnalysisRules,
): Promise<CaughtUp> => {
  const set = ruleSetOf(rules);
  let folded = from;
  let settled = from;
  let unsettledFrames = 0;
  const slice = new TimeSlice();
  for await (const frames of store.read(sessionId, from.last?.timestamp)) {
    slice.resume();
    for (const frame of frames) {
      if (isBehind(from, frame)) continue;
      [folded] = stepAnalysis(folded, frame, set);
      if (unsettledFrames === 0 && isSettled(frame, stream)) settled = folded;
      else unsettledFrames += 1;
      if (slice.isOver()) await slice.next();
    }
  }
  return { stream, rules, folded, settled: unsettledFrames > maxUnsettledFrames ? folded : settled };
};

/**
 * Analyses the frames after the checkpoint. If the frame count does not match (a frame belongs before the checkpoint, because a clock
 * was set back or several clients send at once) or the rules differ, analyses all frames again. If some of those have expired, only the
 * checkpoint still covers them, so it and its rules are kept.
 */
export const catchUp = async (
  store: FrameStore,
  sessionId: string,
  checkpoint: Checkpoint | null,
  rules: AnalysisRules,
  startedMs: number,
): Promise<CaughtUp> => {
  // Before reading, so that the frames read include at least those counted.
  const stream = await store.stateOf(sessionId);
  const isWhole = ({ folded }: CaughtUp): boolean => folded.state.frames >= stream.frames;
  const fold = (from: AnalysisState, by: AnalysisRules) =>
    (from.arrived === undefined ? foldTail : foldArrivals)({ store, sessionId, stream }, from, by);
  const restart = () => fold(startAnalysis(ruleSetOf(rules), startedMs), rules);
  if (checkpoint === null || checkpoint.form !== checkpointForm) return restart();
  const continued = isSameRules(checkpoint.rules, rules) ? await fold(checkpoint.folded, rules) : null;
  if (continued !== null && isWhole(continued)) return continued;
  const restarted = await restart();
  if (isWhole(restarted)) return restarted;
  return continued ?? fold(checkpoint.folded, checkpoint.rules);
};
