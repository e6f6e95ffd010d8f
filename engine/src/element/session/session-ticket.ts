import type { TokenSource } from '../../connection/token-source.ts';
import { withDeadline } from '../../timing/deadline.ts';

/** The session to run. `token` is for servers that require one. */
export interface SessionTicket {
  sessionId: string;
  token?: TokenSource;
}

/** Time limit for the page's function, whose server may have to start the session first; the student can then try again. */
const answerTimeoutMs = 30_000;

/**
 * Calls the page's function that names the session. Rejects if it does not answer, or with something else, such as the JSON of a
 * captive portal.
 */
export const askTicket = async (source: () => Promise<SessionTicket>): Promise<SessionTicket> => {
  const ticket: SessionTicket | null = await withDeadline('the session function', answerTimeoutMs, source());
  // Whether the id and the token are valid is checked with the other options.
  if (typeof ticket?.sessionId === 'string') return ticket;
  throw new TypeError('the session function returned no sessionId');
};
