import type { AnalysisRules } from './analysis-rules.ts';
import type { AnalysisState } from './analysis-state.ts';

/** Incremented when the session state's shape changes, so that a newer server does not misread an older checkpoint. */
export const checkpointForm = 5;

/** A session's running analysis, stored beside its frames. */
export interface Checkpoint {
  form: number;
  /** The rules of this analysis; other rules cannot continue it. */
  rules: AnalysisRules;
  folded: AnalysisState;
}

/** A checkpoint with the revision that its replacement must state. */
export interface KeptCheckpoint {
  checkpoint: Checkpoint;
  revision: number;
}

/**
 * The newest checkpoint of each session. It saves work and outlives expired frames. A lost checkpoint is recomputed while its frames exist.
 */
export interface CheckpointStore {
  load(sessionId: string): Promise<KeptCheckpoint | null>;
  /** Replaces the checkpoint of that revision (0: none exists). False, without a change, if another replica was faster. */
  save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<boolean>;
  clear(sessionId: string): Promise<void>;
  close(): Promise<void>;
}
