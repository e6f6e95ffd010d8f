import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { StaffSession } from '../../model/staff-session.ts';
import type { ClaimMapping } from '../../config.ts';
import { openPending, pendingSeconds, sealPending } from '../../sign-in/pending-sign-in.ts';
import type { Provider } from '../../sign-in/provider.ts';
import { returnPathOf } from '../../sign-in/return-path.ts';
import { readStaffClaims } from '../../sign-in/staff-claims.ts';
import type { StaffSessions } from '../../sign-in/staff-sessions.ts';
import type { AddressLimits } from '../middleware/address-limits.ts';
import { languageOf } from '../middleware/plain-page.ts';
import { noStore } from '../middleware/no-store.ts';
import { readForm } from '../middleware/read-form.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import type { StaffCookies } from './staff-cookies.ts';
import { signInPage } from './sign-in-page.ts';
import type { SignInProblem } from './sign-in-page.ts';

export interface SignInRouterOptions {
  provider: Provider;
  sessions: StaffSessions;
  cookies: StaffCookies;
  mapping: ClaimMapping;
  secret: () => Promise<Uint8Array>;
  /** The server's own web origin. */
  origin: string;
  log: Logger;
  limits: Pick<AddressLimits, 'answerRefused' | 'countForm'>;
  now: () => number;
}

/** Requests with the cookie carry this header; another site's page cannot send it without the server's consent (CORS). */
const ownPageHeader = 'x-invigil-page';
const maxLogoutBytes = '16kb';
/** Logout tokens are valid for five minutes. */
const usedTokens = { max: 10_000, ttl: 15 * 60_000 };

/** `/auth`: sign-in of staff through an OpenID provider (AUTH=oidc). */
export const signInRouter = (options: SignInRouterOptions): Router => {
  const { provider, sessions, cookies, secret, now } = options;
  const router = Router();
  const used = new LRUCache<string, true>(usedTokens);
  router.use(noStore);

  router.get('/sign-in', async (request, response) => {
    const { url, pending } = await provider.begin(returnPathOf(request.query['return_to']));
    cookies.setPending(response, pending.state, await sealPending(pending, await secret(), now()), pendingSeconds);
    response.redirect(url.href);
  });

  router.get('/callback', async (request, response) => {
    const { state } = request.query;
    const sealed = typeof state === 'string' ? cookies.pending(request, state) : null;
    const pending = await openPending(sealed, await secret(), now());
    if (pending !== null) cookies.clearPending(response, pending.state);
    const user = pending === null ? null : await provider.finish(request.url.replace(/^[^?]*/, ''), pending);
    if (user === null || pending === null) return refuse(options, request, response, 'failed');
    const claims = readStaffClaims(user.claims, options.mapping);
    if (!claims.ok) return refuse(options, request, response, claims.reason);
    const { cookie, expiresAtMs } = await sessions.begin(user, claims);
    cookies.setSession(response, cookie, expiresAtMs);
    options.log.info({ event: 'staff.signed_in', role: claims.role });
    response.redirect(pending.returnTo);
  });

  router.post('/token', ownPagesOnly(options.origin), async (request, response) => {
    const session = await signedIn(request, options);
    const { userId, role, expiresAt } = session;
    response.json({ token: await sessions.issue(session), user_id: userId, role, expires_at: expiresAt });
  });

  router.post('/sign-out', ownPagesOnly(options.origin), async (request, response) => {
    const session = await signedIn(request, options);
    // Even if the session cannot be ended now, this browser forgets it.
    cookies.clearSession(response);
    await sessions.end(session);
    // The session here has ended, even if the provider does not answer. A session of a learning platform has no provider.
    const url = session.idToken === '' ? null : await provider.endSessionUrl(session.idToken).catch(() => null);
    response.json({ continue_at: url?.href ?? '/' });
  });

  router.post('/back-channel-logout', readForm(options.limits, maxLogoutBytes), async (request, response) => {
    const { logout_token: token } = (request.body ?? {}) as { logout_token?: unknown };
    const ended = typeof token === 'string' ? await provider.readLogoutToken(token) : null;
    if (ended === null || used.has(ended.tokenId)) throw new HttpProblem('INVALID_MESSAGE', 'invalid logout_token');
    await sessions.endAll(ended);
    // Only now: after a failure, the provider sends the same token again.
    used.set(ended.tokenId, true);
    response.status(200).end();
  });

  return router;
};

const refuse = (
  { limits }: SignInRouterOptions,
  request: Request,
  response: Response,
  problem: SignInProblem,
): void => {
  const page = signInPage(problem, languageOf(request));
  limits.answerRefused(request, () => void response.status(403).type('html').send(page));
};

/** Protects requests that are authenticated by the cookie from forgery by other sites, those of ALLOWED_ORIGINS included. */
const ownPagesOnly =
  (ownOrigin: string): RequestHandler =>
  (request, _response, next) => {
    const { origin } = request.headers;
    const isOwn = (origin === undefined || origin === ownOrigin) && request.headers[ownPageHeader] !== undefined;
    if (!isOwn) throw new HttpProblem('ACCESS_DENIED', 'only this server’s own pages may send this request');
    next();
  };

const signedIn = async (request: Request, { cookies, sessions }: SignInRouterOptions): Promise<StaffSession> => {
  const cookie = cookies.session(request);
  const session = cookie === null ? null : await sessions.find(cookie);
  if (session === null) throw new HttpProblem('AUTH_FAILED', 'not signed in; open /auth/sign-in');
  return session;
};
