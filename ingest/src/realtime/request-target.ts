/** Path and query of a request, named as in `URL`. */
export type RequestTarget = Pick<URL, 'pathname' | 'searchParams'>;

/**
 * Splits the target of an upgrade request at its query. Unlike `URL`, it resolves no dot segments and accepts no absolute address: no channel
 * has such a path. Parsing a URL took longer than all other work on the target.
 * @param target as in the request's first line, such as `/api/v1/session/ws/s1?token=…`
 */
export const requestTarget = (target: string): RequestTarget => {
  const at = target.indexOf('?');
  if (at === -1) return { pathname: target, searchParams: new URLSearchParams() };
  // With its question mark: URLSearchParams removes one.
  return { pathname: target.slice(0, at), searchParams: new URLSearchParams(target.slice(at)) };
};
