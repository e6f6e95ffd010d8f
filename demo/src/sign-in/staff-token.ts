import { tabStorage } from '../page/tab-storage.ts';

const key = 'invigil-staff-token';

/** Of a teacher who signed in. Never stored: the page gets another one with the cookie. */
let signedInToken: string | null = null;

export const rememberSignedInToken = (token: string | null): void => {
  signedInToken = token;
};

/** The token of the teacher who uses this tab; null if the server requires none. */
export const staffToken = (): string | null => signedInToken ?? tabStorage.get(key);

export const rememberStaffToken = (token: string): void => tabStorage.set(key, token);

/** Removes `#token=…` from the address, so that it is neither shown nor shared with the address. */
export const takeStaffTokenFromAddress = (): void => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null || token === '') return;
  rememberStaffToken(token);
  history.replaceState(null, '', location.pathname + location.search);
};

/**
 * The token's user. The server verifies it; here it only selects whose alerts to request. Null if it cannot be parsed.
 */
export const userOfToken = (token: string): string | null => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims = JSON.parse(atob(payload)) as { user_id?: unknown; sub?: unknown } | null;
    const user = claims?.user_id ?? claims?.sub;
    return typeof user === 'string' && user !== '' ? user : null;
  } catch (error) {
    // Not base64, or not JSON: not a token.
    if (error instanceof Error && ['InvalidCharacterError', 'SyntaxError'].includes(error.name)) return null;
    throw error;
  }
};
