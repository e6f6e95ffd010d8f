import type { CookieOptions, Request, Response } from 'express';

/** A cookie of the request; null if there is none. */
const cookieOf = (request: Request, name: string): string | null => {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
};

/** Part of a cookie's name; the cookie's value still has to match the whole state. */
const suffixOf = (state: string): string => `-${state.replaceAll(/[^\w-]/g, '').slice(0, 8)}`;

/** Marker that pages read to detect AUTH=oidc. Not a secret, so scripts may read it. */
const markerName = 'invigil-sign-in-here';
const launchMs = 600_000;
const markerMs = 400 * 86_400_000;

/** The cookies of staff who sign in. With HTTPS their names have the prefix `__Host-`, so that no other host can set them. */
export class StaffCookies {
  readonly #session: string;
  readonly #pending: string;
  readonly #launch: string;
  readonly #options: CookieOptions;
  readonly #launchOptions: CookieOptions;

  constructor(isHttps: boolean) {
    const prefix = isHttps ? '__Host-' : '';
    this.#session = `${prefix}invigil-session`;
    this.#pending = `${prefix}invigil-sign-in`;
    this.#launch = `${prefix}invigil-launch`;
    // Lax: sent when the provider's page links back, never with another site's requests.
    this.#options = { httpOnly: true, secure: isHttps, sameSite: 'lax', path: '/' };
    // Browsers refuse `none` on HTTP, where only platforms on the same machine can launch.
    this.#launchOptions = { ...this.#options, sameSite: isHttps ? 'none' : 'lax' };
  }

  session(request: Request): string | null {
    return cookieOf(request, this.#session);
  }

  setSession(response: Response, value: string, expiresAtMs: number): void {
    response.cookie(this.#session, value, { ...this.#options, expires: new Date(expiresAtMs) });
    response.cookie(markerName, '1', { ...this.#options, httpOnly: false, maxAge: markerMs });
  }

  clearSession(response: Response): void {
    response.clearCookie(this.#session, this.#options);
  }

  /** A sign-in in progress. Each has its own cookie, so that several tabs can sign in at the same time. */
  pending(request: Request, state: string): string | null {
    return cookieOf(request, this.#pending + suffixOf(state));
  }

  setPending(response: Response, state: string, value: string, seconds: number): void {
    response.cookie(this.#pending + suffixOf(state), value, { ...this.#options, maxAge: seconds * 1000 });
  }

  /** The state of a launch. The platform's page posts it back from another site, which a `lax` cookie would not survive. */
  setLaunch(response: Response, state: string): void {
    response.cookie(this.#launch + suffixOf(state), state, { ...this.#launchOptions, maxAge: launchMs });
  }

  launch(request: Request, state: string): string | null {
    return cookieOf(request, this.#launch + suffixOf(state));
  }

  clearLaunch(response: Response, state: string): void {
    response.clearCookie(this.#launch + suffixOf(state), this.#launchOptions);
  }

  clearPending(response: Response, state: string): void {
    response.clearCookie(this.#pending + suffixOf(state), this.#options);
  }
}
