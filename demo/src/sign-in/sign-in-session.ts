import { rememberSignedInToken } from './staff-token.ts';

const marker = 'invigil-sign-in-here=1';
const timeoutMs = 20_000;

const signedOutStatus = 401;

/** Whether the answer says that nobody is signed in, and comes from our server. A proxy that requires its own sign-in uses the same status. */
const isSignedOut = async (response: Response): Promise<boolean> => {
  if (response.status !== signedOutStatus) return false;
  const problem: unknown = await response.json().catch(() => null);
  return typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'AUTH_FAILED';
};

let isAvailable = true;

/** Whether staff sign in to this server through their organisation (AUTH=oidc). */
export const hasSignIn = (): boolean => document.cookie.split('; ').includes(marker);

/** Signs in and comes back to this page. */
export const signInAddress = (): string =>
  `/auth/sign-in?return_to=${encodeURIComponent(location.pathname + location.search)}`;

/** The header shows the server that one of its own pages sends the request. */
const post = (path: string): Promise<Response> =>
  fetch(path, { method: 'POST', headers: { 'X-Invigil-Page': '1' }, signal: AbortSignal.timeout(timeoutMs) });

/** Exchanges the cookie, which scripts cannot read, for an access token. Does nothing if nobody is signed in. */
export const renewSignedInToken = async (): Promise<void> => {
  if (!hasSignIn()) return;
  try {
    const response = await post('/auth/token');
    const body = response.ok ? ((await response.json()) as { token?: unknown } | null) : null;
    const token = typeof body?.token === 'string' ? body.token : null;
    isAvailable = token !== null || (await isSignedOut(response));
    // The server may be unavailable, or another one answered in its place, which ends no sign-in.
    if (isAvailable) rememberSignedInToken(token);
  } catch {
    // Without a network the page shows that it cannot reach the server.
    isAvailable = false;
  }
};

/** False if the server could not say whether somebody is signed in. */
export const isSignInKnown = (): boolean => isAvailable;

/** Ends the session here, and goes to the provider’s own sign-out. @returns false if the session could not be ended */
export const signOut = async (): Promise<boolean> => {
  try {
    const response = await post('/auth/sign-out');
    const body = response.ok ? ((await response.json()) as { continue_at?: unknown } | null) : null;
    const address = typeof body?.continue_at === 'string' ? body.continue_at : null;
    if (address === null && !(await isSignedOut(response))) return false;
    rememberSignedInToken(null);
    location.assign(address ?? '/');
    return true;
  } catch {
    return false;
  }
};
