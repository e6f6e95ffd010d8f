import { makeReport, startSession, stepSession } from '@invigil/protocol';
import type { Report, SessionState } from '@invigil/protocol';
import type { FrameStore, StreamState } from '../frames/frame-store.ts';
import type { Session } from '../sessions/session.ts';

/** What a report is made of; with the frames, enough to make the same report again. */
export interface AnalysisBasis {
  session: Report['session'];
  losses: StreamState['losses'];
  chain: string | null;
  /** Client-clock moment up to which the session is covered; null when it never had a frame. */
  endMs: number | null;
}

/** Frames folded one after the other, and the smallest difference between server and client clock that they show. */
export interface FoldedFrames {
  state: SessionState;
  clockOffsetMs: number | null;
}

export const foldStore = async (store: FrameStore, sessionId: string): Promise<FoldedFrames> => {
  let state = startSession();
  let clockOffsetMs: number | null = null;
  for await (const frames of store.read(sessionId)) {
    for (const frame of frames) {
      [state] = stepSession(state, frame);
      // Delivery only ever adds to the difference, so the smallest is the nearest to the clocks' own.
      clockOffsetMs = Math.min(clockOffsetMs ?? Infinity, frame.received_at - frame.timestamp);
    }
  }
  return { state, clockOffsetMs };
};

export const basisOf = (
  session: Session,
  stream: StreamState,
  clockOffsetMs: number | null,
  /** Server clock: when the session ended, or now. */
  untilMs: number,
  endedAt: string | null,
): AnalysisBasis => ({
  session: {
    session_id: session.sessionId,
    exam_id: session.examId,
    member_id: session.memberId,
    status: endedAt === null ? 'running' : 'ended',
    started_at: session.startedAt,
    ended_at: endedAt,
  },
  losses: stream.losses,
  chain: stream.chain,
  endMs: clockOffsetMs === null ? null : untilMs - clockOffsetMs,
});

export const reportOf = (state: SessionState, basis: AnalysisBasis): Report => {
  const framesLost = Object.values(basis.losses).reduce((total, count) => total + count, 0);
  return makeReport(
    state,
    basis.session,
    { frames_lost: framesLost, losses: basis.losses, chain: basis.chain },
    basis.endMs,
  );
};

/** The report of a running session, from the frames that are in the store now. */
export const analyzeRunning = async (store: FrameStore, session: Session, nowMs: number): Promise<Report> => {
  const [stream, { state, clockOffsetMs }] = await Promise.all([
    store.stateOf(session.sessionId),
    foldStore(store, session.sessionId),
  ]);
  return reportOf(state, basisOf(session, stream, clockOffsetMs, nowMs, null));
};
