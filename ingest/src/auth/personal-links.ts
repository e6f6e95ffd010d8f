import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';
import type { ExamLink } from '../model/exam.ts';
import type { Principal } from '../model/principal.ts';
import type { ExamLinkRecords } from '../records/exam-link-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { expiryOf } from './token-times.ts';
import { verifyOwnToken } from './verify-own-token.ts';

/** Differs from every other audience, so that no kind of token is accepted in place of another. */
const audience = 'invigil-link';

const ClaimsSchema = v.object({ sub: IdSchema, role: v.literal('STUDENT'), exam_id: IdSchema, link_id: IdSchema });

/**
 * Tokens of personal links: HS256 `{sub, role, exam_id, link_id}`, for one student in one exam. Signing a link again gives the same
 * token, so that only its row is stored. A revoked or replaced link is refused at once, on every replica.
 */
export class PersonalLinks {
  readonly #secret: () => Promise<Uint8Array>;
  readonly #records: Pick<ExamLinkRecords, 'find' | 'used'>;

  constructor(secret: () => Promise<Uint8Array>, records: Pick<ExamLinkRecords, 'find' | 'used'>) {
    this.#secret = secret;
    this.#records = records;
  }

  async tokenOf({
    linkId,
    examId,
    studentId,
    createdAt,
    expiresAt,
  }: Pick<ExamLink, 'linkId' | 'examId' | 'studentId' | 'createdAt' | 'expiresAt'>): Promise<string> {
    const seconds = (at: string): number => Math.floor(Date.parse(at) / 1000);
    return await new SignJWT({ role: 'STUDENT', exam_id: examId, link_id: linkId })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(studentId)
      .setAudience(audience)
      .setIssuedAt(seconds(createdAt))
      .setExpirationTime(seconds(expiresAt))
      .sign(await this.#secret());
  }

  /** Null for anything but the token of a link that is valid now. */
  async verify(token: string, nowMs: number): Promise<Principal | null> {
    const payload = await verifyOwnToken(token, await this.#secret(), audience, nowMs);
    return payload === null ? null : this.read(payload, nowMs);
  }

  /** Whether the payload is a link's, valid or not. */
  owns(payload: JWTPayload): boolean {
    return v.is(ClaimsSchema, payload);
  }

  /** The principal of a payload, or null if it is not a link's or the link was revoked. Checks neither signature nor expiry. */
  async read(payload: JWTPayload, nowMs: number): Promise<Principal | null> {
    const claims = v.safeParse(ClaimsSchema, payload);
    if (!claims.success) return null;
    const { sub: userId, exam_id: examId, link_id: linkId } = claims.output;
    const link = await this.#records.find(examId, userId);
    if (link === null || link.linkId !== linkId || link.revokedAt !== null) return null;
    // Teachers can open a link too, so reports state that one was used.
    if (link.firstUsedAt === null) await this.#records.used(examId, userId, isoTime(nowMs));
    return { userId, role: 'STUDENT', sessionId: null, examId, expiresAtMs: expiryOf(payload, nowMs) };
  }
}
