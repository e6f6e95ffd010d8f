import type { ClientMessage } from './transport.ts';

/**
 * @param nextSeq the number that the next frame will get. @param pictures whether the student was informed about
 * thumbnails.
 */
export const helloMessage = (nextSeq: number, clientTimeMs: number, pictures: boolean): ClientMessage => ({
  type: 'hello',
  client_time_ms: clientTimeMs,
  last_seq: nextSeq === 0 ? null : nextSeq - 1,
  ...(pictures ? { pictures } : {}),
});
