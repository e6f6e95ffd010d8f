import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { LiveFrameCoverage } from '@invigil/protocol/channels';
import type { SessionsTable, Tables } from './tables.ts';

/** The frame store's state of a session. */
export interface FramesStored {
  frames: number;
  chain: { head: string; nonce: string } | null;
  refused?: number;
  /** How the session was observed until then; null if its rules do not measure it. */
  coverage?: LiveFrameCoverage | null;
}

/** Frames of clients that do not number them have no chain. */
export const isOtherChain = (
  { frames_nonce: known }: { frames_nonce?: string | null | undefined },
  nonce: string | null,
) => known != null && known !== nonce;

export interface SessionFrames {
  sessionId: string;
  stored: FramesStored;
}

/** In one statement: each running session is saved every ten seconds. */
export const saveFrames = async (
  transaction: Transaction<Tables>,
  sessionId: string,
  { frames, chain, coverage }: FramesStored,
): Promise<void> => {
  const nonce = chain?.nonce ?? null;
  const hasOtherChain = sql`(frames_nonce is not null and frames_nonce is distinct from ${nonce})`;
  await sql`
    update sessions
    set frames_stored = ${frames}, frames_head = ${chain?.head ?? null}, frames_nonce = ${nonce},
      live_s = ${coverage?.live_s ?? null}, late_s = ${coverage?.late_s ?? null},
      not_observed_s = ${coverage?.not_observed_s ?? null},
      frames_gone = frames_gone + case when ${hasOtherChain} then frames_stored else 0 end
    where session_id = ${sessionId} and (frames_stored < ${frames} or (frames_stored > 0 and ${hasOtherChain}))
  `.execute(transaction);
};

/** How the session was observed until its last checkpoint; null before it. */
export const recordedCoverage = ({
  live_s,
  late_s,
  not_observed_s,
}: Selectable<SessionsTable>): LiveFrameCoverage | null =>
  live_s == null || late_s == null || not_observed_s == null ? null : { live_s, late_s, not_observed_s };
