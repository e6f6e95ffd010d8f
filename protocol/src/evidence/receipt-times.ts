/** When the server received frames. Server clock, milliseconds. Plain JSON. */
export interface ReceiptTimes {
  lastMs: number;
  /** Times without any frame, longer than `silenceMs`. */
  silences: readonly (readonly [fromMs: number, toMs: number])[];
}

/** A frame that the server received within this time of its timestamp was seen live. */
export const liveWithinMs = 30_000;
/** Shorter pauses between two messages are part of normal delivery. */
const silenceMs = 5000;
/** Beyond this the oldest silence is forgotten: frames of that time that arrive even later count as unexplained. */
const maxSilences = 200;
/**
 * Frames made while the backlog of an outage is being sent are late as well; sending takes at most as long as the
 * outage did.
 */
const leastDrainMs = liveWithinMs;

export const startReceipts = (startedMs: number): ReceiptTimes => ({ lastMs: startedMs, silences: [] });

/** Adds the receipt of a frame. Receipts rise within a session; the store ensures it. Pure. */
export const stepReceipts = (receipts: ReceiptTimes, receivedMs: number): ReceiptTimes => {
  if (receivedMs <= receipts.lastMs) return receipts;
  if (receivedMs - receipts.lastMs <= silenceMs) return { ...receipts, lastMs: receivedMs };
  return {
    lastMs: receivedMs,
    silences: [...receipts.silences, [receipts.lastMs, receivedMs] as const].slice(-maxSilences),
  };
};

export const isLive = (timestamp: number, receivedMs: number): boolean => receivedMs - timestamp <= liveWithinMs;

/** Whether an outage that the server itself detected explains why a frame of this time arrived late. */
export const isExplained = ({ silences }: ReceiptTimes, timestamp: number): boolean =>
  silences.some(
    ([fromMs, toMs]) => timestamp >= fromMs - silenceMs && timestamp <= toMs + Math.max(leastDrainMs, toMs - fromMs),
  );
