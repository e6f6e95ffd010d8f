import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { LtiPlatform, LtiState } from '../model/lti-platform.ts';
import { readLaunchClaims } from './launch-claims.ts';
import type { Launch } from './launch-claims.ts';
import { LaunchRefusal } from './launch-refusal.ts';
import type { LaunchReason } from './launch-refusal.ts';

const clockToleranceSeconds = 10;
/** How old an id_token may be; the platform issues it right before the browser brings it. */
const maxAgeSeconds = 300;

/**
 * Verifies an id_token as the LTI 1.3 core specification (section 5.1) and the IMS security framework (section 5.1.3) require.
 * @throws LaunchRefusal with the first reason. @throws IngestError `keys_unavailable` if the platform does not answer
 */
export const readLaunchToken = async (
  token: unknown,
  { platform, state, key, nowMs }: { platform: LtiPlatform; state: LtiState; key: JWTVerifyGetKey; nowMs: number },
): Promise<Launch> => {
  if (typeof token !== 'string') throw new LaunchRefusal('token');
  demandRs256(token);
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer: platform.issuer,
      audience: platform.clientId,
      requiredClaims: ['exp', 'iat'],
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: maxAgeSeconds,
      currentDate: new Date(nowMs),
    }));
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new LaunchRefusal(reasonOf(error), error);
  }
  const hasOtherParty = Array.isArray(payload.aud) && payload.aud.length > 1;
  const azp = payload['azp'] ?? (hasOtherParty ? null : platform.clientId);
  if (azp !== platform.clientId) throw new LaunchRefusal('azp');
  if (payload['nonce'] !== state.nonce) throw new LaunchRefusal('nonce');
  return readLaunchClaims(payload, { targetLinkUri: state.targetLinkUri, platform });
};

const demandRs256 = (token: string): void => {
  let alg: string | undefined;
  try {
    ({ alg } = decodeProtectedHeader(token));
  } catch (error) {
    throw new LaunchRefusal('token', error);
  }
  if (alg !== 'RS256') throw new LaunchRefusal('alg');
};

const reasonOf = (error: errors.JOSEError): LaunchReason => {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'issued_at' : 'expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'key';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'token';
  const reasons: Record<string, LaunchReason> = { iss: 'issuer', aud: 'audience', exp: 'expired', iat: 'issued_at' };
  return reasons[error.claim] ?? 'token';
};
