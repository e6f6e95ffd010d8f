/** Path and query of a request, as `URL` names them. */
export type RequestTarget = Pick<URL, 'pathname' | 'searchParams'>;

/**
 * Splits the target of an upgrade request at its query. Parsing it as a URL took longer than everything else that is done with it.
 * @param target as in the request's first line, such as `/api/v1/session/ws/s1?token=…`
 */
export const requestTarget = (target: string): RequestTarget => {
  const at = target.indexOf('?');
  if (at === -1) return { pathname: target, searchParams: new URLSearchParams() };
  return { pathname: target.slice(0, at), searchParams: new URLSearchParams(target.slice(at + 1)) };
};
