import { isTemporary } from '../model/ingest-error.ts';

/** A thread could not start, ended, or was stopped, so its job has no answer. */
export class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure';
  /** The job did not cause the failure, so it may succeed later. */
  readonly isTemporary: boolean;

  constructor(job: string, problem: string, reason: { cause?: unknown; isTemporary?: boolean } = {}) {
    super(`the job ${job} ${problem}`, reason.cause === undefined ? undefined : { cause: reason.cause });
    this.isTemporary = reason.isTemporary ?? false;
  }
}

/** Whether the same job may succeed later. */
export const mayRepeat = (error: unknown): boolean =>
  isTemporary(error) || (error instanceof ThreadFailure && error.isTemporary);
