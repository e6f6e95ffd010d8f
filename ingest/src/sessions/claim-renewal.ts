import type { SessionEndRecords } from '../records/session-end-records.ts';

/** The claim of a replica that died expires after this. */
export const claimMs = 60_000;

export interface ClaimRenewalOptions {
  ends: Pick<SessionEndRecords, 'keepEnd'>;
  /** The clock by which replicas compare their claims. */
  claimNow: () => number;
  /** The renewal failed. */
  onFailure: (error: unknown) => void;
}

/** Keeps a claim on a session during long work, until the timer is cleared. The holder still checks the claim before it changes anything. */
export const renewClaim = (
  sessionId: string,
  claim: string,
  { ends, claimNow, onFailure }: ClaimRenewalOptions,
): NodeJS.Timeout => {
  const renew = (): void => void ends.keepEnd(sessionId, claim, claimNow(), claimMs).catch(onFailure);
  return setInterval(renew, claimMs / 3).unref();
};
