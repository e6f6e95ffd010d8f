/** A thread could not start, ended, or was stopped, so its job has no answer. */
export class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure';

  constructor(job: string, problem: string, cause?: unknown) {
    super(`the job ${job} ${problem}`, cause === undefined ? undefined : { cause });
  }
}
