import type { LossReason } from '@invigil/protocol/channels';
import type { FramesDump } from '@invigil/ingest/dump';
import { verdictText, verifyDump } from '@invigil/ingest/dump';

export interface ProducedFrame {
  seq: number;
  timestamp: number;
  /** The difference between `timestamp` and the device's clock. It may have changed before the frame was sent. */
  correctedMs?: number;
}

/** What happened to the frames of one scenario. */
export interface FaultOutcome {
  produced: number;
  stored_once: number;
  /** Reported lost, by reason. */
  lost: Partial<Record<LossReason, number>>;
  /** Produced, but neither stored unchanged nor reported lost. */
  unexplained: number;
  /** Stored more than once, or stored without having been produced. */
  duplicates: number;
  duration_s: number;
}

/** Compares the device's frames with the server's at the end. Throws if the server's chain is broken. */
export const outcomeOf = (produced: readonly ProducedFrame[], dump: FramesDump): Omit<FaultOutcome, 'duration_s'> => {
  const verdict = verifyDump(dump);
  if (verdict.verdict !== 'whole') throw new Error(verdictText(verdict));
  // Times by the device's own clock, which later corrections do not change.
  const timesBySeq = new Map(produced.map(({ seq, timestamp, correctedMs = 0 }) => [seq, timestamp - correctedMs]));
  const stored = new Set<number>();
  let duplicates = 0;
  for (const { seq, timestamp, clock_corrected_ms: correctedMs } of dump.frames) {
    const deviceMs = timestamp - (correctedMs ?? 0);
    if (stored.has(seq) || timesBySeq.get(seq) !== deviceMs) duplicates += 1;
    else stored.add(seq);
  }
  const lost = Object.values(dump.losses).reduce((sum, count) => sum + count, 0);
  return {
    produced: timesBySeq.size,
    stored_once: stored.size,
    lost: dump.losses,
    unexplained: Math.abs(timesBySeq.size - stored.size - lost),
    duplicates,
  };
};

export const sum = (outcomes: readonly Omit<FaultOutcome, 'duration_s'>[]): Omit<FaultOutcome, 'duration_s'> => {
  const total = { produced: 0, stored_once: 0, lost: {} as FaultOutcome['lost'], unexplained: 0, duplicates: 0 };
  for (const { produced, stored_once, lost, unexplained, duplicates } of outcomes) {
    total.produced += produced;
    total.stored_once += stored_once;
    total.unexplained += unexplained;
    total.duplicates += duplicates;
    for (const [reason, count] of Object.entries(lost) as [LossReason, number][]) {
      total.lost[reason] = (total.lost[reason] ?? 0) + count;
    }
  }
  return total;
};
