import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';
import type { Session } from '../model/session.ts';
import type { Principal } from '../model/principal.ts';
import { expiryOf } from './token-times.ts';
import { verifyOwnToken } from './verify-own-token.ts';
import { isoTime } from '../time/iso-time.ts';

/** Differs from every audience of user tokens, so that neither kind is accepted in place of the other. */
const audience = 'invigil-session';

const ClaimsSchema = v.object({
  sub: IdSchema,
  role: v.literal('STUDENT'),
  session_id: IdSchema,
  exam_id: v.nullish(IdSchema),
  may_answer: v.optional(v.literal(false)),
  camera_link: v.optional(IdSchema),
});

type Claims = v.InferOutput<typeof ClaimsSchema>;

/** Which links of phones are in use. */
export interface OpenCameraLinks {
  isOpen(linkId: string): Promise<boolean>;
}

/** Tokens that this server issues to a student's page for one session: HS256 `{sub, role, session_id, exam_id, may_answer?, camera_link?}`. */
export class SessionTokens {
  readonly #secret: () => Promise<Uint8Array>;
  readonly #lifetimeSeconds: number;
  readonly #cameraLinks: OpenCameraLinks;
  /** Claims by payload: students reconnect with the same token, whose payload `verifyOwnToken` caches. Null if it is not a session token's. */
  readonly #claims = new WeakMap<JWTPayload, Claims | null>();

  /** @param secret read at each use; rejects if it is stored in records that are unavailable */
  constructor(secret: () => Promise<Uint8Array>, lifetimeSeconds: number, cameraLinks: OpenCameraLinks) {
    this.#secret = secret;
    this.#lifetimeSeconds = lifetimeSeconds;
    this.#cameraLinks = cameraLinks;
  }

  /**
   * @param mayAnswer false for a token issued to a teacher: it can send frames, but not answer or contest as the
   * student
   * @param cameraLinkId for a phone that came by this link: the token can only send frames, until the link ends
   */
  async issue(
    session: Session,
    nowMs: number,
    { mayAnswer, cameraLinkId }: { mayAnswer: boolean; cameraLinkId?: string },
  ): Promise<{ token: string; expiresAt: string }> {
    const expiresAtSeconds = Math.floor(nowMs / 1000) + this.#lifetimeSeconds;
    const token = await new SignJWT({
      role: 'STUDENT',
      session_id: session.sessionId,
      exam_id: session.examId,
      ...(mayAnswer ? {} : { may_answer: false }),
      ...(cameraLinkId === undefined ? {} : { camera_link: cameraLinkId }),
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(session.memberId ?? session.sessionId)
      .setAudience(audience)
      .setIssuedAt(Math.floor(nowMs / 1000))
      .setExpirationTime(expiresAtSeconds)
      .sign(await this.#secret());
    return { token, expiresAt: isoTime(expiresAtSeconds * 1000) };
  }

  /** Null for anything but a valid session token. */
  async verify(token: string, nowMs: number): Promise<Principal | null> {
    const payload = await verifyOwnToken(token, await this.#secret(), audience, nowMs);
    return payload === null ? null : this.read(payload, nowMs);
  }

  /** The principal of a payload, or null if it is not a session token's or its camera link has ended. Checks neither signature nor expiry. */
  async read(payload: JWTPayload, nowMs: number): Promise<Principal | null> {
    const claims = this.#claimsOf(payload);
    if (claims === null) return null;
    const { sub, session_id: sessionId, exam_id: examId, may_answer: mayAnswer, camera_link: cameraLinkId } = claims;
    if (cameraLinkId !== undefined && !(await this.#cameraLinks.isOpen(cameraLinkId))) return null;
    return {
      userId: sub,
      role: 'STUDENT',
      sessionId,
      examId: examId ?? null,
      expiresAtMs: expiryOf(payload, nowMs),
      ...(mayAnswer === false ? { mayAnswer } : {}),
      ...(cameraLinkId === undefined ? {} : { cameraLinkId }),
    };
  }

  #claimsOf(payload: JWTPayload): Claims | null {
    const known = this.#claims.get(payload);
    if (known !== undefined) return known;
    const parsed = v.safeParse(ClaimsSchema, payload);
    const claims = parsed.success ? parsed.output : null;
    this.#claims.set(payload, claims);
    return claims;
  }
}
