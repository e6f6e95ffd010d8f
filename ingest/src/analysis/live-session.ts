import type { RuleSet } from '@invigil/protocol/rules';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import type { AnalysisState } from './analysis-state.ts';

/** A session's analysis as loaded from the stores. */
export interface LoadedAnalysis {
  folded: AnalysisState;
  rules: AnalysisRules;
  /** Revision of the stored checkpoint; 0 if there is none. */
  revision: number;
}

export interface Loading {
  state: 'loading';
  /** Messages stored during the load; the loaded analysis may or may not include them. */
  pending: ArrivalGroup[];
  pendingFrames: number;
  done: Promise<void>;
}

export interface Ready extends LoadedAnalysis {
  state: 'ready';
  set: RuleSet;
  /** Lists of closed observations and violations were dropped because they exceeded `maxListed`; the rest is exact. */
  isTrimmed: boolean;
  /** When frames of the session were last stored here, server clock. */
  storedMs: number;
  /** Receipt of the latest message that was analysed after the load; null before it. */
  receivedMs: number | null;
  /** How long the last load took. */
  loadMs: number;
  /** Timer set after a late frame, to load the session again. */
  reload: NodeJS.Timeout | null;
  /** The messages from the first one that takes more than one turn of the event loop; null if all were analysed. */
  queue: { groups: ArrivalGroup[]; frames: number; done: Promise<void> } | null;
}

/** Closed observations and violations kept in memory per session, about 0.5 kB each. */
const maxListed = 500;

/** Drops lists that are too long for memory. They can be rebuilt from checkpoint and frames. */
export const trim = (session: Ready): void => {
  const { state } = session.folded;
  if (state.observations.length + state.violations.length <= maxListed) return;
  session.isTrimmed = true;
  session.folded = { ...session.folded, state: { ...state, observations: [], violations: [] } };
};
