import { ProctorError } from '../errors/proctor-error.ts';
import { IndexedOutboxStore } from '../outbox/indexed-outbox-store.ts';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { OutboxStore } from '../outbox/outbox-store.ts';
import { requestPersistentStorage } from '../outbox/persistent-storage.ts';
import type { OutboxLimits } from '../outbox/outbox.ts';

export interface OpenOutboxOptions extends OutboxLimits {
  sessionId: string;
  nowMs: number;
  /** Storage is unavailable, now or from the start; frames are then kept in memory. */
  onError: (error: ProctorError) => void;
}

const isFull = (cause: unknown): boolean => cause instanceof Error && cause.name === 'QuotaExceededError';

const storageError = (cause: unknown): ProctorError =>
  new ProctorError(isFull(cause) ? 'storage_full' : 'storage_unavailable', { cause, recoverable: true });

/** Opens the session's outbox on the disk, or in memory if storage is not allowed or does not answer. */
export const openOutbox = async ({ sessionId, nowMs, onError, ...limits }: OpenOutboxOptions): Promise<Outbox> => {
  const onSpill = (cause: unknown): void => onError(storageError(cause));
  let store: OutboxStore | null = null;
  try {
    store = await IndexedOutboxStore.open(sessionId, nowMs);
    const outbox = await Outbox.open(store, limits, onSpill);
    void requestPersistentStorage();
    return outbox;
  } catch (cause) {
    store?.close();
    onSpill(cause);
    return Outbox.open(new MemoryOutboxStore(), limits, onSpill);
  }
};
