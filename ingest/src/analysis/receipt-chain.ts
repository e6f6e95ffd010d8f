import { hash } from 'node:crypto';
import type { StoredFrame } from '@invigil/protocol/frame';

/** The receipt chain of a session without frames. */
export const startReceiptChain = '';

/**
 * Hash over the times at which the server received the frames: SHA-256 of the previous hash, the frame's id and its receipt, separated by
 * line feeds. Receipts determine coverage, so the session's receipt covers them in addition to the client's chain.
 */
export const stepReceiptChain = (previous: string, { frame_id, received_at }: StoredFrame): string =>
  hash('sha256', `${previous}\n${frame_id}\n${received_at}`);
