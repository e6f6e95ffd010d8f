const defaultPath = '/proctor/';
const maxLength = 2000;

/**
 * The page to open after signing in: a path of this server. Anything else (another site, `//host`, a scheme, a sign-in page again) becomes
 * the proctor page, so that a link cannot send a user elsewhere.
 */
export const returnPathOf = (asked: unknown): string => {
  if (typeof asked !== 'string' || asked.length > maxLength || !/^\/(?![/\\])/.test(asked)) return defaultPath;
  const base = 'https://server.invalid';
  if (!URL.canParse(asked, base)) return defaultPath;
  const { origin, pathname, search, hash } = new URL(asked, base);
  if (origin !== base || pathname.startsWith('/auth/') || pathname.startsWith('//')) return defaultPath;
  return pathname + search + hash;
};
