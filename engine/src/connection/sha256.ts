/** SHA-256 as lower-case hexadecimal. */
export type Digest = (text: string) => Promise<string | null>;

/** The browser's own; null on an insecure page, which has none. */
export const sha256: Digest = async (text) => {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
