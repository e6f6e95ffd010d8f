import { createHash, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';
import { verifyOwnToken } from '../auth/verify-own-token.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import type { Principal } from '../model/principal.ts';
import type { StaffSession } from '../model/staff-session.ts';
import type { EndedSessions, StaffSessionRecords } from '../records/staff-session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ProviderUser } from './provider.ts';

/** Differs from every other audience, so that no kind of token is accepted in place of another. */
const audience = 'invigil-staff';

const ClaimsSchema = v.object({ sub: IdSchema, role: v.picklist(['TEACHER', 'ADMIN']), staff_session: v.string() });

/** Well above the number of staff connected to one replica. */
const maxKnown = 10_000;
/** How often open sessions are compared with the records. */
const checkEveryMs = 60_000;

export interface StaffSessionsOptions {
  records: StaffSessionRecords;
  bus: Bus;
  /** Signs access tokens. */
  secret: () => Promise<Uint8Array>;
  lifetimeSeconds: number;
  log: Logger;
  now: () => number;
}

const idOf = (cookie: string): string => createHash('sha256').update(cookie).digest('base64url');

/**
 * Sessions of staff who signed in. The browser holds a cookie that scripts cannot read; a page exchanges it for an access token, which it
 * keeps in memory and sends like any other token. Ending a session refuses its tokens at once and closes its connections on every replica.
 */
export class StaffSessions {
  readonly #options: StaffSessionsOptions;
  /** Of the sessions whose tokens this replica accepted: aborted when they end. */
  readonly #known = new LRUCache<string, AbortController>({ max: maxKnown });

  constructor(options: StaffSessionsOptions) {
    this.#options = options;
    options.bus.subscribe(topics.staffSignedOut, [], ({ session_ids: ids }) => {
      for (const id of ids) this.#forget(id);
    });
    options.bus.onHealed(() => this.#forgetEnded());
    setInterval(() => this.#forgetEnded(), checkEveryMs).unref();
  }

  /** @returns the cookie's value, and when it expires */
  async begin(
    { issuer, subject, providerSession, idToken }: Omit<ProviderUser, 'claims'>,
    user: { userId: string; role: StaffSession['role'] },
  ): Promise<{ cookie: string; expiresAtMs: number }> {
    const cookie = randomBytes(32).toString('base64url');
    const nowMs = this.#options.now();
    const expiresAtMs = nowMs + this.#options.lifetimeSeconds * 1000;
    await this.#options.records.add({
      ...user,
      id: idOf(cookie),
      issuer,
      subject,
      providerSession,
      idToken,
      createdAt: isoTime(nowMs),
      expiresAt: isoTime(expiresAtMs),
    });
    return { cookie, expiresAtMs };
  }

  find(cookie: string): Promise<StaffSession | null> {
    return this.#options.records.find(idOf(cookie), isoTime(this.#options.now()));
  }

  /** An access token that is valid as long as the session. */
  async issue({ id, userId, role, expiresAt }: StaffSession): Promise<string> {
    return await new SignJWT({ role, staff_session: id })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setAudience(audience)
      .setIssuedAt(Math.floor(this.#options.now() / 1000))
      .setExpirationTime(Math.floor(Date.parse(expiresAt) / 1000))
      .sign(await this.#options.secret());
  }

  /** Null for anything but an access token of a session that has not ended. */
  async verify(token: string, nowMs: number): Promise<Principal | null> {
    const payload = await verifyOwnToken(token, await this.#options.secret(), audience, nowMs);
    const claims = v.safeParse(ClaimsSchema, payload);
    if (!claims.success) return null;
    // Before the records are read, so that a sign-out in between is not missed.
    const signedOut = this.#signalOf(claims.output.staff_session);
    const session = await this.#options.records.find(claims.output.staff_session, isoTime(nowMs));
    if (session === null) {
      this.#forget(claims.output.staff_session);
      return null;
    }
    return {
      userId: session.userId,
      role: session.role,
      sessionId: null,
      examId: null,
      expiresAtMs: Date.parse(session.expiresAt),
      signedOut,
    };
  }

  async end({ id }: StaffSession): Promise<void> {
    await this.#options.records.end(id);
    this.#announce([id]);
  }

  /** @returns how many sessions ended */
  async endAll(ended: EndedSessions): Promise<number> {
    const ids = await this.#options.records.endAll(ended);
    if (ids.length > 0) this.#announce(ids);
    return ids.length;
  }

  /** Sessions may have ended elsewhere while the bus was unavailable, or directly in the records. */
  #forgetEnded(): void {
    this.#deleteExpired();
    const ids = [...this.#known.keys()];
    if (ids.length === 0) return;
    this.#options.records.among(ids, isoTime(this.#options.now())).then(
      (running) => {
        for (const id of ids) if (!running.has(id)) this.#forget(id);
      },
      // The next round tries again.
      (error: unknown) => this.#options.log.warn({ event: 'staff.check_failed', error }),
    );
  }

  /** They contain the provider's tokens. */
  #deleteExpired(): void {
    this.#options.records.deleteExpired(isoTime(this.#options.now())).catch((error: unknown) => {
      this.#options.log.warn({ event: 'staff.check_failed', error });
    });
  }

  #announce(ids: string[]): void {
    for (const id of ids) this.#forget(id);
    this.#options.bus.publish(topics.staffSignedOut, [], { session_ids: ids });
  }

  #signalOf(id: string): AbortSignal {
    const known = this.#known.get(id) ?? new AbortController();
    this.#known.set(id, known);
    return known.signal;
  }

  #forget(id: string): void {
    this.#known.get(id)?.abort();
    this.#known.delete(id);
  }
}
