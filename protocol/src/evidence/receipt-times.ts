/** When the server received frames. Server clock, milliseconds. Plain JSON. */
export interface ReceiptTimes {
  lastMs: number;
  /** Periods longer than `silenceMs` without any frame. */
  silences: readonly (readonly [fromMs: number, toMs: number])[];
}

/** A frame that the server received within this time of its timestamp was seen live. */
export const liveWithinMs = 30_000;
/** Shorter pauses between two messages are part of normal delivery. */
const silenceMs = 5000;
/** Beyond this number the oldest silence is dropped, and late frames from that period count as unexplained. */
const maxSilences = 200;
/**
 * Frames made while the backlog of an outage is being sent are late as well; sending takes at most as long as the
 * outage did.
 */
const leastDrainMs = liveWithinMs;

export const startReceipts = (startedMs: number): ReceiptTimes => ({ lastMs: startedMs, silences: [] });

/** Adds the receipt of a frame. Receipts increase within a session; the store ensures this. Pure. */
export const stepReceipts = (receipts: ReceiptTimes, receivedMs: number): ReceiptTimes => {
  if (receivedMs <= receipts.lastMs) return receipts;
  if (receivedMs - receipts.lastMs <= silenceMs) return { lastMs: receivedMs, silences: receipts.silences };
  return {
    lastMs: receivedMs,
    silences: [...receipts.silences, [receipts.lastMs, receivedMs] as const].slice(-maxSilences),
  };
};

export const isLive = (timestamp: number, receivedMs: number): boolean => receivedMs - timestamp <= liveWithinMs;

/** Whether an outage that the server itself detected explains why a frame with this timestamp arrived late. */
export const isExplained = ({ silences }: ReceiptTimes, timestamp: number): boolean =>
  silences.some(
    ([fromMs, toMs]) => timestamp >= fromMs - silenceMs && timestamp <= toMs + Math.max(leastDrainMs, toMs - fromMs),
  );
