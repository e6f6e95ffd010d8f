export type PerceptionFailure =
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
