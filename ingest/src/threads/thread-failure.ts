/** A thread could not start, ended, or was stopped, so its job has no answer. */
export class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure';
  /** The job did not cause the failure, so it may succeed later. */
  readonly isTemporary: boolean;

  constructor(
    job: string,
    problem: string,
    { cause, isTemporary = false }: { cause?: unknown; isTemporary?: boolean } = {},
  ) {
    super(`the job ${job} ${problem}`, cause === undefined ? undefined : { cause });
    this.isTemporary = isTemporary;
  }
}
