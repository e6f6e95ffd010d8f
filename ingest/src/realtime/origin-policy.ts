export interface OriginPolicy {
  /** Web origins besides the server's own. */
  allowedOrigins: readonly string[];
  /** Names that requests may ask for; null: any. */
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

/** Whether the server may be asked under this name. Keeps out pages whose own name was made to point here (DNS rebinding). */
export const isHostAllowed = ({ host = '' }: Headers, { hostNames }: OriginPolicy): boolean => {
  if (hostNames === null) return true;
  const hostName = hostNameOf(host);
  return hostName !== null && hostNames.includes(hostName);
};

/**
 * Whether a request may come from where it says. Web pages: those that this server serves itself (the Origin names the Host that was
 * asked), and the listed ones. Programs that are not browsers send no Origin and are not meant by this.
 */
export const isOriginAllowed = (headers: Headers, policy: OriginPolicy): boolean => {
  const { origin, host = '' } = headers;
  const { allowedOrigins } = policy;
  if (!isHostAllowed(headers, policy)) return false;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};
