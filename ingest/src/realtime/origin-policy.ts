/**
 * Which web pages may talk to this server: those it serves itself (the Origin names the Host that was asked), and the listed
 * ones. Programs that are not browsers send no Origin and are not meant by this.
 */
export const isOriginAllowed = (
  origin: string | undefined,
  host: string | undefined,
  allowedOrigins: readonly string[],
): boolean => {
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
};
