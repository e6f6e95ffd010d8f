import { randomUUID } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { JWK as WebKey, JWTPayload } from 'jose';
import type { LtiToolKey, LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { isoTime } from '../time/iso-time.ts';

const algorithm = 'RS256';
/** Keys change with the calendar, so that replicas agree without talking to each other. */
const periodMs = 90 * 86_400_000;
/** A new key is published before it signs, because platforms cache key sets. */
const publishedBeforeMs = 3_600_000;

export interface ToolKeysOptions {
  records: LtiToolKeyRecords;
  now: () => number;
}

/**
 * The keys with which this tool signs messages and requests to platforms (RS256). The key of each period is created when it is first
 * needed; the previous one stays published for another period.
 */
export class ToolKeys {
  readonly #options: ToolKeysOptions;

  constructor(options: ToolKeysOptions) {
    this.#options = options;
  }

  /** The public keys, as a JSON Web Key Set. */
  async published(): Promise<{ keys: WebKey[] }> {
    const keys = await this.#keys();
    return { keys: keys.map(publicPart) };
  }

  /** A token that is valid for `seconds`, with a random `jti` and `nonce`. */
  async sign(
    claims: JWTPayload,
    { issuer, audience, seconds }: { issuer: string; audience: string; seconds: number },
  ): Promise<string> {
    const key = this.#signing(await this.#keys());
    const nowS = Math.floor(this.#options.now() / 1000);
    return await new SignJWT({ nonce: randomUUID(), ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: key.keyId })
      .setIssuer(issuer)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + seconds)
      .sign(await importJWK(JSON.parse(key.privateKey) as WebKey, algorithm));
  }

  /** This period's key and the previous one, newest first. */
  async #keys(): Promise<LtiToolKey[]> {
    const { records, now } = this.#options;
    const period = Math.floor(now() / periodMs);
    const known = await records.since(period - 1);
    if (known[0]?.period === period) return known;
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = JSON.stringify(await exportJWK(privateKey));
    await records.add({ period, keyId: randomUUID(), privateKey: jwk, createdAt: isoTime(now()) });
    return records.since(period - 1);
  }

  #signing(keys: readonly LtiToolKey[]): LtiToolKey {
    const publishedMs = this.#options.now() - publishedBeforeMs;
    const key = keys.find(({ createdAt }) => Date.parse(createdAt) <= publishedMs) ?? keys.at(-1);
    if (key === undefined) throw new Error('the tool has no key');
    return key;
  }
}

const publicPart = ({ keyId, privateKey }: LtiToolKey): WebKey => {
  const { kty, n, e } = JSON.parse(privateKey) as WebKey;
  return {
    ...(kty === undefined ? {} : { kty }),
    ...(n === undefined ? {} : { n }),
    ...(e === undefined ? {} : { e }),
    kid: keyId,
    alg: algorithm,
    use: 'sig',
  };
};
