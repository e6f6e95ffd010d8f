/** The server did not answer in time. */
export class HangError extends Error {
  override name = 'HangError';
}
