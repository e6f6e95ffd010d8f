import type { FrameStore, StreamState } from '../frames/frame-store.ts';
import type { StoredFrame } from '@invigil/protocol/frame';
import { isSameRules, ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { Checkpoint } from './checkpoint-store.ts';
import { foldFrame, isFolded, nothingFolded } from './analysis-state.ts';
import type { Folded } from './analysis-state.ts';

/** A session's analysis as of now. */
export interface CaughtUp {
  stream: StreamState;
  rules: AnalysisRules;
  /** Every frame that the store has. */
  folded: Folded;
  /** The beginning of it that later frames can only follow: what may be kept as a checkpoint. */
  settled: Folded;
}

/**
 * An unsettled frame holds the checkpoint back, because an earlier one may still come. No longer than this many frames: a client
 * that never says what became of a number must not make the tail grow with the session.
 */
const maxHeldFrames = 500;

const isSettled = (frame: StoredFrame, stream: StreamState): boolean =>
  // Numbers that the server gave are in order.
  frame.frame_id !== String(frame.seq) || frame.seq <= stream.upToSeq;

const foldTail = async (
  store: FrameStore,
  sessionId: string,
  stream: StreamState,
  from: Folded,
  rules: AnalysisRules,
): Promise<CaughtUp> => {
  const set = ruleSetOf(rules);
  let folded = from;
  let settled = from;
  let held = 0;
  for await (const frames of store.read(sessionId, from.last?.timestamp)) {
    for (const frame of frames) {
      if (isFolded(from, frame)) continue;
      folded = foldFrame(folded, frame, set);
      if (held === 0 && isSettled(frame, stream)) settled = folded;
      else held += 1;
    }
  }
  return { stream, rules, folded, settled: held > maxHeldFrames ? folded : settled };
};

/**
 * Folds what came after the checkpoint. A frame that belongs before it (clocks that were set back, several clients at once) shows
 * in the count, and everything is folded anew; so it is with other rules. Where frames have expired that cannot be: the checkpoint
 * is then all there is of them, and its rules hold on.
 */
export const catchUp = async (
  store: FrameStore,
  sessionId: string,
  checkpoint: Checkpoint | null,
  rules: AnalysisRules,
): Promise<CaughtUp> => {
  // Before reading, so that the frames read are at least those counted.
  const stream = await store.stateOf(sessionId);
  const isWhole = ({ folded }: CaughtUp): boolean => folded.state.frames >= stream.frames;
  const fold = (from: Folded, by: AnalysisRules) => foldTail(store, sessionId, stream, from, by);
  if (checkpoint === null || checkpoint.form !== checkpointForm) return fold(nothingFolded(), rules);
  const onward = isSameRules(checkpoint.rules, rules) ? await fold(checkpoint.folded, rules) : null;
  if (onward !== null && isWhole(onward)) return onward;
  const anew = await fold(nothingFolded(), rules);
  if (isWhole(anew)) return anew;
  return onward ?? fold(checkpoint.folded, checkpoint.rules);
};
