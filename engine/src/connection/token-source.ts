/** A token, or where to ask for one; a function is asked anew for each connection attempt. */
export type TokenSource = string | (() => Promise<string>);

/** When a JSON Web Token runs out, milliseconds since the Unix epoch; null when it does not say or is none. */
export const tokenExpiryMs = (token: string): number | null => {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null;
    return typeof claims.exp === 'number' ? claims.exp * 1000 : null;
  } catch {
    return null;
  }
};

/** The token for one connection attempt. Rejects when the page's own function does. */
export const askToken = async (source: TokenSource | undefined): Promise<string | null> =>
  typeof source === 'function' ? await source() : (source ?? null);

/** A source that also knows the last token, for the moment in which there is no time to ask. */
export const rememberToken = (
  source: TokenSource | undefined,
): { source: TokenSource | undefined; last: () => string | null } => {
  if (typeof source !== 'function') return { source, last: () => source ?? null };
  let last: string | null = null;
  return { source: async () => (last = await source()), last: () => last };
};
