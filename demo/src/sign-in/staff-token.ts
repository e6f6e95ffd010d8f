import { tabStorage } from '../page/tab-storage.ts';

const key = 'invigil-staff-token';

/** The token of the teacher who uses this tab; null where the server asks for none. */
export const staffToken = (): string | null => tabStorage.get(key);

export const rememberStaffToken = (token: string): void => tabStorage.set(key, token);

/** Takes `#token=…` out of the address, so that it is neither shown nor shared with the address. */
export const takeStaffTokenFromAddress = (): void => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null || token === '') return;
  rememberStaffToken(token);
  history.replaceState(null, '', location.pathname + location.search);
};

/** Whose token it is. The server checks it; here it only says which alerts to ask for. Null when it cannot be read. */
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
