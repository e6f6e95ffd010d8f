import type { Histogram } from 'prom-client';
import type { Logger } from 'pino';
import type { TokenAuthenticator } from './authenticator.ts';
import { monotonicMs } from '../time/monotonic-time.ts';

type Outcome = 'accepted' | 'rejected' | 'failed';

export interface AuthenticationObserver {
  /** Time of each authentication, by outcome; `failed`: the token could not be checked. */
  seconds: Histogram<'outcome'>;
  log: Logger;
}

/** Measures every authentication, and logs at debug level why a token is not accepted: some channels cannot tell their client. */
export const measuredAuthenticator = (
  authenticator: TokenAuthenticator,
  { seconds, log }: AuthenticationObserver,
): TokenAuthenticator => {
  const authenticate: TokenAuthenticator['authenticate'] = async (token) => {
    const startedMs = monotonicMs();
    let outcome: Outcome = 'failed';
    try {
      const authentication = await authenticator.authenticate(token);
      outcome = authentication.status;
      if (authentication.status === 'rejected') {
        const { claim, reason } = authentication;
        log.debug({ event: 'token.rejected', claim, reason });
      }
      return authentication;
    } finally {
      seconds.observe({ outcome }, (monotonicMs() - startedMs) / 1000);
    }
  };
  return {
    authenticate,
    async ownPrincipalOf(token) {
      const startedMs = monotonicMs();
      const observe = (outcome: Outcome): void => seconds.observe({ outcome }, (monotonicMs() - startedMs) / 1000);
      try {
        const principal = await authenticator.ownPrincipalOf(token);
        // `authenticate` measures the others.
        if (principal !== null) observe('accepted');
        return principal;
      } catch (error) {
        observe('failed');
        throw error;
      }
    },
    async principalOf(token) {
      const authentication = await authenticate(token);
      return authentication.status === 'accepted' ? authentication.principal : null;
    },
  };
};
