import { createHash } from 'node:crypto';

/**
 * Names a signing key by its public part (SPKI in DER): the first 16 hex digits of its SHA-256. So another key cannot claim a known id.
 */
export const keyIdOf = (spki: Buffer): string => createHash('sha256').update(spki).digest('hex').slice(0, 16);
