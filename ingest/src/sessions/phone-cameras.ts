import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { CameraLink } from '../model/camera-link.ts';
import type { Principal } from '../model/principal.ts';
import type { CameraLinkRecords } from '../records/camera-link-records.ts';
import { isoTime } from '../time/iso-time.ts';

/** How long a phone can open a link. */
const linkMs = 180_000;
/** Links of a session, used ones included. */
const linksPerSession = 50;
/** How often the time at which a phone was last heard is written. */
const seenEveryMs = 5000;
/** A phone that was not heard for this long is lost. Phones send something at least every 2 s. */
const lostAfterMs = 15_000;

/**
 * `none`: the computer is the camera, or nothing is. `waiting`: no phone has opened the link. `opened`: one has, but its student has not
 * agreed there yet.
 */
export const phoneStates = ['none', 'waiting', 'opened', 'connected', 'lost'] as const;
type PhoneState = (typeof phoneStates)[number];

export interface PhoneStatus {
  phone: PhoneState;
  /** Until when a waiting link can be opened. */
  expiresAt: string | null;
  /** When the phone was last heard, to within five seconds. */
  seenAt: string | null;
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url');

/** Phones as cameras: each is bound to its session by a one-time link. The newest camera to connect replaces the one before it. */
export class PhoneCameras {
  readonly #records: CameraLinkRecords;
  readonly #now: () => number;
  readonly #seenMs = new LRUCache<string, number>({ max: 10_000 });

  constructor(records: CameraLinkRecords, now: () => number) {
    this.#records = records;
    this.#now = now;
  }

  /** Replaces an earlier link that no phone has opened. @returns null if the session has had too many links */
  async createLink(sessionId: string): Promise<{ code: string; expiresAt: string } | null> {
    const code = randomBytes(24).toString('base64url');
    const nowMs = this.#now();
    const expiresAt = isoTime(nowMs + linkMs);
    const link = { linkId: randomUUID(), sessionId, codeHash: hashOf(code), createdAt: isoTime(nowMs), expiresAt };
    return (await this.#records.add({ ...link, most: linksPerSession })) ? { code, expiresAt } : null;
  }

  /** Uses up a link. @returns null for a code that is unknown, was used before, was replaced, or has expired */
  open(code: string): Promise<CameraLink | null> {
    return this.#records.use(hashOf(code), isoTime(this.#now()));
  }

  /** A device begins to number the session's frames. */
  async connected(sessionId: string, { cameraLinkId }: Pick<Principal, 'cameraLinkId'>): Promise<void> {
    const at = isoTime(this.#now());
    if (cameraLinkId !== undefined) return this.#records.connected(sessionId, cameraLinkId, at);
    const links = await this.#records.ofSession(sessionId);
    const hasPhone = links.some(({ connectedAt, endedAt }) => connectedAt !== null && endedAt === null);
    if (hasPhone) await this.#records.endPhones(sessionId, at);
  }

  /** A message arrived. Does nothing unless a phone sent it. */
  async heard({ cameraLinkId }: Pick<Principal, 'cameraLinkId'>): Promise<void> {
    if (cameraLinkId === undefined) return;
    const nowMs = this.#now();
    const known = this.#seenMs.get(cameraLinkId);
    if (known !== undefined && Math.abs(nowMs - known) < seenEveryMs) return;
    this.#seenMs.set(cameraLinkId, nowMs);
    await this.#records.seen(cameraLinkId, isoTime(nowMs));
  }

  async status(sessionId: string): Promise<PhoneStatus> {
    const nowMs = this.#now();
    const open = (await this.#records.ofSession(sessionId)).filter(({ endedAt }) => endedAt === null);
    // A phone that is in use goes first: a new link does not replace it before another phone has connected.
    const link = open.findLast(({ connectedAt }) => connectedAt !== null) ?? open.at(-1);
    if (link === undefined) return { phone: 'none', expiresAt: null, seenAt: null };
    const { usedAt, connectedAt, seenAt, expiresAt } = link;
    if (connectedAt !== null) {
      const isLost = seenAt === null || nowMs - Date.parse(seenAt) > lostAfterMs;
      return { phone: isLost ? 'lost' : 'connected', expiresAt: null, seenAt };
    }
    if (usedAt !== null) return { phone: 'opened', expiresAt: null, seenAt: null };
    const isExpired = Date.parse(expiresAt) <= nowMs;
    return { phone: isExpired ? 'none' : 'waiting', expiresAt: isExpired ? null : expiresAt, seenAt: null };
  }
}
