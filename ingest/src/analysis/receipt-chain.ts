import { createHash } from 'node:crypto';
import type { StoredFrame } from '@invigil/protocol/frame';

/** The receipt chain of a session without frames. */
export const startReceiptChain = '';

/**
 * Hashes when the server received a frame: SHA-256 of the hash before, the frame's id and its receipt, separated by line feeds. Receipts
 * decide about coverage, so the session's receipt covers them beside the client's chain.
 */
export const stepReceiptChain = (previous: string, { frame_id, received_at }: StoredFrame): string =>
  createHash('sha256').update(`${previous}\n${frame_id}\n${received_at}`).digest('hex');
