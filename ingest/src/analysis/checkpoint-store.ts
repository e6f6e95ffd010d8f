import type { AnalysisRules } from './analysis-rules.ts';
import type { AnalysisState } from './analysis-state.ts';

/** Changes with what a session's state consists of, so that a newer server does not misread an older one's checkpoint. */
export const checkpointForm = 3;

/** The running analysis of a session as it is kept beside its frames. */
export interface Checkpoint {
  form: number;
  /** What it was folded with. With other rules it says nothing. */
  rules: AnalysisRules;
  folded: AnalysisState;
}

/** A checkpoint with the revision that the next one must name. */
export interface KeptCheckpoint {
  checkpoint: Checkpoint;
  revision: number;
}

/**
 * Keeps the newest checkpoint of each session. It saves work and outlives expired frames; where frames are still there, a lost one
 * is made again from them.
 */
export interface CheckpointStore {
  load(sessionId: string): Promise<KeptCheckpoint | null>;
  /** Replaces the checkpoint of that revision (0: there is none). False when another replica was faster; nothing is changed then. */
  save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<boolean>;
  clear(sessionId: string): Promise<void>;
  close(): Promise<void>;
}
