import type { LtiPlatform } from '../model/lti-platform.ts';

const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

/** Whether the server may send requests to this address: it is of an origin that the operator registered for the platform. */
export const isPlatformUrl = (platform: LtiPlatform, url: string): boolean => {
  const origin = originOf(url);
  if (origin === null || origin === 'null') return false;
  const { issuer, loginUrl, keysUrl, tokenUrl, serviceOrigins } = platform;
  return (
    [issuer, loginUrl, keysUrl, ...(tokenUrl === null ? [] : [tokenUrl])].some((each) => originOf(each) === origin) ||
    serviceOrigins.includes(origin)
  );
};

/** Whether a browser may be sent to this address: HTTPS, or HTTP if the platform itself uses it. */
export const isPageUrl = ({ loginUrl }: LtiPlatform, url: string): boolean => {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && new URL(loginUrl).protocol === 'http:');
};
