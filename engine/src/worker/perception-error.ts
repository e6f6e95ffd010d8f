import { loadFailureReason } from '../perception/models/load-failure.ts';
import type { LoadFailureReason } from '../perception/models/load-failure.ts';

export type PerceptionFailure =
  | LoadFailureReason
  | 'busy'
  | 'closed'
  | 'not_loaded'
  | 'model_unavailable'
  | 'backend_unavailable'
  | 'worker_hung'
  | 'worker_crashed'
  | 'reading_failed';

export class PerceptionError extends Error {
  readonly reason: PerceptionFailure;

  constructor(reason: PerceptionFailure, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PerceptionError';
    this.reason = reason;
  }
}

/** The error itself, or one with this reason unless the worker named a better one. @param what what failed, for the message. */
export const asPerceptionError = (cause: unknown, reason: PerceptionError['reason'], what: string): PerceptionError => {
  if (cause instanceof PerceptionError) return cause;
  const message = `${what}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new PerceptionError(loadFailureReason(cause) ?? reason, message, { cause });
};
