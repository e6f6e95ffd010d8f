import type { ClientFrame } from '../outbox/client-frame.ts';
import type { ClientMessage } from './transport.ts';

/** @param chain head of the chain after these frames; null where it is not known. */
export const batchMessage = (frames: readonly ClientFrame[], chain: string | null): ClientMessage => ({
  type: 'batch',
  frames,
  ...(chain === null ? {} : { chain }),
});
