import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const requestIdHeader = 'X-Request-Id';

/** Covers UUIDs and the ids of nginx, Envoy and Cloudflare's edge. Anything else could be a name or a token, which a log must not hold. */
const safeId = /^[0-9a-f][0-9a-f-]{6,62}[0-9a-f]$/i;
/** https://www.w3.org/TR/trace-context/#traceparent-header: version, trace id, parent id, flags. */
const traceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-|$)/;

/**
 * The id of a request in the log: its `X-Request-Id` if that has 8–64 hexadecimal digits and hyphens, otherwise the trace id of its
 * `traceparent`, otherwise a new UUID.
 */
export const requestIdOf = (headers: IncomingHttpHeaders): string => {
  const stated = headers['x-request-id'];
  if (typeof stated === 'string' && safeId.test(stated)) return stated;
  const trace = typeof headers.traceparent === 'string' ? traceparent.exec(headers.traceparent) : null;
  return trace?.[1] ?? randomUUID();
};
