import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Sends the chunks as fast as the client reads them, and ends the source if it disconnects. */
export const sendStream = async (
  chunks: AsyncIterable<string | Uint8Array>,
  response: ServerResponse,
): Promise<void> => {
  try {
    await pipeline(chunks, response);
  } catch (error) {
    // The client disconnected; the pipeline has closed the source.
    if (!isPrematureClose(error)) throw error;
  }
};

const isPrematureClose = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
