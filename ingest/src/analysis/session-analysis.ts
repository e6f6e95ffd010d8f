import { makeReport } from '@invigil/protocol/report';
import type { ChainState } from '@invigil/protocol/frame';
import type { Report, RiskWeights, SessionContext } from '@invigil/protocol/report';
import type { StreamState } from '../frames/frame-store.ts';
import type { Session } from '../model/session.ts';
import { accommodationNames, ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import type { Analysis } from './catch-up.ts';
import type { AnalysisState } from './analysis-state.ts';

/** The inputs of a report other than the analysis. Together with the frames it reproduces the report. */
export interface AnalysisBasis {
  session: Report['session'];
  rules: AnalysisRules;
  losses: StreamState['losses'];
  /** A string in dumps of the first format, which had no links. */
  chain: ChainState | string | null;
  /** End of the session on the client's clock, milliseconds; null if it never had a frame. */
  endMs: number | null;
  /** Absent in dumps of servers that did not record it. */
  context?: SessionContext;
}

export const basisOf = (
  session: Session,
  { stream, folded, rules }: Analysis,
  /** Server clock: when the session ended, or now. */
  untilMs: number,
  endedAt: string | null,
  context: SessionContext,
): AnalysisBasis => ({
  session: {
    session_id: session.sessionId,
    exam_id: session.examId,
    member_id: session.memberId,
    status: endedAt === null ? 'running' : 'ended',
    started_at: session.startedAt,
    ended_at: endedAt,
  },
  rules,
  losses: stream.losses,
  chain: stream.chain,
  endMs: endMsOf(folded, untilMs),
  context,
});

/** Analysis in order of arrival uses the server's clock; analysis by time uses the client's. @param untilMs server clock */
export const endMsOf = ({ arrived, clockOffsetMs }: AnalysisState, untilMs: number): number | null => {
  if (arrived !== undefined) return untilMs;
  return clockOffsetMs === null ? null : untilMs - clockOffsetMs;
};

/** @param weights null: the default weights of the rules */
export const reportOf = (
  { state, arrived }: AnalysisState,
  basis: AnalysisBasis,
  weights: RiskWeights | null = null,
): Report => {
  const { session, rules, losses, chain, endMs, context } = basis;
  const refused = context?.frames_refused ?? 0;
  const lost = refused === 0 ? losses : { ...losses, session_over: (losses.session_over ?? 0) + refused };
  const framesLost = Object.values(lost).reduce((total, count) => total + count, 0);
  return makeReport(state, {
    session,
    integrity: {
      frames_lost: framesLost,
      losses: lost,
      ...(refused === 0 ? {} : { received_too_late: refused }),
      ...chainOf(chain, state.frames),
      ...(arrived === undefined ? {} : { received: arrived.receipts }),
    },
    endMs,
    set: ruleSetOf(rules),
    accommodations: accommodationNames(rules),
    weights,
    ...(context === undefined ? {} : { context }),
  });
};

const chainOf = (chain: AnalysisBasis['chain'], frames: number): Pick<Report['integrity'], 'chain' | 'chained'> => {
  if (typeof chain === 'string') return { chain };
  if (chain === null) return { chain, chained: null };
  return {
    chain: chain.head,
    chained: {
      links: chain.links,
      confirmed_links: chain.confirmed,
      frames: chain.frames,
      unchained_frames: frames - chain.frames,
    },
  };
};
