import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';
import { withDeadline } from '../time/with-deadline.ts';

/** A Redis command that takes longer counts as failed. Redis may still carry it out, so each command must be safe to repeat. */
export const commandTimeoutMs = 3000;

const rejectLate = (): never => {
  throw frameStoreUnavailable(new Error('no answer in time'));
};

/** The command's reply. Rejects with `frame_store_unavailable` on failure or timeout; a Redis that hangs keeps its connection open. */
export const withCommandDeadline = async <Reply>(
  command: () => Promise<Reply>,
  timeoutMs: number = commandTimeoutMs,
): Promise<Reply> => {
  try {
    return await withDeadline(command(), timeoutMs, rejectLate);
  } catch (error) {
    throw error instanceof IngestError ? error : frameStoreUnavailable(error);
  }
};
