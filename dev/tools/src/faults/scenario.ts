import type { RealServer } from '@invigil/testkit/server/real-server';
import type { TestPages } from '@invigil/testkit/browser/test-pages';
import type { FaultOutcome } from './outcome.ts';

export interface FaultParts {
  pages: TestPages;
  /** Starts a server for the scenario; it is closed afterwards. */
  startServer: (environment?: NodeJS.ProcessEnv) => Promise<RealServer>;
  /** A folder that is deleted afterwards. */
  newFolder: () => Promise<string>;
  /** Runs after the scenario, whatever happens. */
  onEnd: (close: () => unknown) => void;
  /** For a run of about half a minute in all. */
  isShort: boolean;
}

/** @returns what happened to the frames, or why the scenario cannot run here. */
export type FaultScenario = (parts: FaultParts) => Promise<Omit<FaultOutcome, 'duration_s'> | { skipped: string }>;
