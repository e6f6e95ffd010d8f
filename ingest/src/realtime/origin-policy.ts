export interface OriginPolicy {
  /** Web origins allowed besides the server's own. */
  allowedOrigins: readonly string[];
  /** Host names that requests may use; null: any. */
  hostNames: readonly string[] | null;
}

const hostNameOf = (host: string): string | null => {
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : null;
};

interface Headers {
  origin?: string | undefined;
  host?: string | undefined;
}

/**
 * Whether the Host header names this server. Prevents DNS rebinding, where a foreign page's domain resolves to this
 * server.
 */
export const isHostAllowed = ({ host = '' }: Headers, { hostNames }: OriginPolicy): boolean => {
  if (hostNames === null) return true;
  const hostName = hostNameOf(host);
  return hostName !== null && hostNames.includes(hostName);
};

/**
 * Whether a request comes from an allowed web page: one that this server serves (its Origin equals the requested Host) or one on the
 * list. Programs other than browsers send no Origin and are allowed; their token decides.
 */
export const isOriginAllowed = (headers: Headers, policy: OriginPolicy): boolean => {
  const { origin, host = '' } = headers;
  const { allowedOrigins } = policy;
  if (!isHostAllowed(headers, policy)) return false;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};
