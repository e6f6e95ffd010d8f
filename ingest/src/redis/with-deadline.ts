import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';

/** After this a command of Redis counts as failed. It may still be carried out, which must harm nothing. */
export const commandTimeoutMs = 3000;

/** The command's answer; rejects with `frame_store_unavailable` when there is none in time. A Redis that hangs keeps its connection. */
export const withDeadline = async <Answer>(
  command: () => Promise<Answer>,
  timeoutMs: number = commandTimeoutMs,
): Promise<Answer> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
  });
  try {
    return await Promise.race([command(), late]);
  } catch (error) {
    throw error instanceof IngestError ? error : frameStoreUnavailable(error);
  } finally {
    clearTimeout(timer);
  }
};
