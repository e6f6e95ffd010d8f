import { IngestError, busUnavailable } from '../model/ingest-error.ts';
import { withDeadline } from '../time/with-deadline.ts';

/** Longer than a healthy bus takes to answer a ping. */
const checkTimeoutMs = 2000;

/** Rejects with `bus_unavailable` if the bus reports an error or does not answer in time: one that hangs keeps its connection open. */
export const withAnswerDeadline = async (answer: Promise<unknown>, timeoutMs = checkTimeoutMs): Promise<void> => {
  try {
    await withDeadline(answer, timeoutMs, () => {
      throw busUnavailable('no answer in time');
    });
  } catch (error) {
    throw error instanceof IngestError ? error : busUnavailable(error);
  }
};
