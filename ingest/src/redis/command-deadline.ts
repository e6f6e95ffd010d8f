import { setTimeout as delay } from 'node:timers/promises';
import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';
import { monotonicMs } from '../time/monotonic-time.ts';
import { withDeadline } from '../time/with-deadline.ts';

/** A Redis command that takes longer counts as failed. Redis may still carry it out, so each command must be safe to repeat. */
export const commandTimeoutMs = 3000;
const repeatAfterMs = 25;

const rejectLate = (): never => {
  throw frameStoreUnavailable(new Error('no answer in time'));
};

/**
 * Replies of a cluster that has not executed the command but soon will: keys are moving or have moved to another node, or a failover is under
 * way (CLUSTERDOWN). The driver follows most redirections itself.
 */
const isPassing = (error: unknown): boolean =>
  error instanceof Error &&
  (/^(TRYAGAIN|CLUSTERDOWN|MOVED|ASK)\b/.test(error.message) ||
    error.constructor.name === 'MaxCommandRedirectionsError');

const repeatWhilePassing = async <Reply>(command: () => Promise<Reply>, timeoutMs: number): Promise<Reply> => {
  const untilMs = monotonicMs() + timeoutMs;
  for (;;) {
    await delay(repeatAfterMs);
    try {
      return await command();
    } catch (error) {
      if (!isPassing(error) || monotonicMs() >= untilMs) throw error;
    }
  }
};

/** The command's reply. Rejects with `frame_store_unavailable` on failure or timeout; a Redis that hangs keeps its connection open. */
export const withCommandDeadline = async <Reply>(
  command: () => Promise<Reply>,
  timeoutMs: number = commandTimeoutMs,
): Promise<Reply> => {
  try {
    return await withDeadline(command(), timeoutMs, rejectLate);
  } catch (error) {
    if (!isPassing(error)) throw error instanceof IngestError ? error : frameStoreUnavailable(error);
  }
  try {
    return await withDeadline(repeatWhilePassing(command, timeoutMs), timeoutMs, rejectLate);
  } catch (error) {
    throw error instanceof IngestError ? error : frameStoreUnavailable(error);
  }
};
