import type { ClientFrame } from '../outbox/client-frame.ts';
import type { ClientMessage } from './transport.ts';

/** @param chain head of the chain after these frames; null if unknown. */
export const batchMessage = (frames: readonly ClientFrame[], chain: string | null): ClientMessage => ({
  type: 'batch',
  frames,
  ...(chain === null ? {} : { chain }),
});
