import { withDeadline } from '../timing/deadline.ts';

/** SHA-256 as lower-case hexadecimal. */
export type Digest = (text: string) => Promise<string | null>;

const answerTimeoutMs = 2000;

/** The browser's own; null on an insecure page, which has none, and without an answer. Frames are then sent without a prediction. */
export const sha256: Digest = async (text) => {
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) return null;
  const answer = subtle.digest('SHA-256', new TextEncoder().encode(text));
  const bytes = await withDeadline('crypto.subtle.digest', answerTimeoutMs, answer).catch(() => null);
  if (bytes === null) return null;
  const digest = new Uint8Array(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};
