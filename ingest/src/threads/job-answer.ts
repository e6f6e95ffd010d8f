import { IngestError } from '../model/ingest-error.ts';
import type { IngestErrorReason } from '../model/ingest-error.ts';

/** What a thread sends back. Passing an error to another thread loses its class and reason. */
export type JobAnswer<Result> =
  | { result: Result }
  | { refused: { reason: IngestErrorReason; message: string } }
  | { thrown: unknown };

/** A function that a thread can run: plain data in, plain data out. */
export const asJob =
  <Data, Result>(work: (data: Data) => Promise<Result>) =>
  async (data: Data): Promise<JobAnswer<Result>> => {
    try {
      return { result: await work(data) };
    } catch (error) {
      if (!(error instanceof IngestError)) return { thrown: error };
      return { refused: { reason: error.reason, message: error.message } };
    }
  };

/** @throws IngestError the one that the job threw, or an error that names the job */
export const resultOf = <Result>(job: string, answer: JobAnswer<Result>): Result => {
  if ('result' in answer) return answer.result;
  if ('thrown' in answer) {
    const { thrown } = answer;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`the job ${job} failed: ${message}`, { cause: thrown });
  }
  throw new IngestError(answer.refused.reason, answer.refused.message);
};
