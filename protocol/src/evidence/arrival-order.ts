/** Missing sequence numbers between two frames that arrived. The missing frames' times must lie between those of their neighbours. */
interface Hole {
  /** The hole's first number when it opened. When a frame splits the hole, both parts keep this number. */
  root: number;
  from: number;
  to: number;
  /** Client clock, milliseconds; null: there is no earlier frame. */
  afterMs: number | null;
  beforeMs: number;
}

/** The known order of a session's numbered frames. Plain JSON. */
export interface ArrivalOrder {
  highestSeq: number;
  /** Timestamp of the highest number; null before the first frame. */
  highestMs: number | null;
  holes: readonly Hole[];
}

/** Where a frame belongs. `ahead`: its number and time are the highest so far. `behind`: it fills (part of) a hole. */
export type Placement =
  | { kind: 'ahead'; opened: Hole | null }
  | { kind: 'behind'; hole: Hole }
  | { kind: 'out_of_order' };

/**
 * As many gaps as the frame store tracks. Beyond that the oldest is dropped, and its frames count as out of order.
 */
const maxHoles = 256;

export const startArrivalOrder = (): ArrivalOrder => ({ highestSeq: -1, highestMs: null, holes: [] });

const fits = ({ from, to, afterMs, beforeMs }: Hole, seq: number, timestamp: number): boolean =>
  seq >= from && seq <= to && timestamp < beforeMs && (afterMs === null || timestamp > afterMs);

const fill = (order: ArrivalOrder, hole: Hole, seq: number, timestamp: number): ArrivalOrder => {
  const parts = [
    ...(seq > hole.from ? [{ ...hole, to: seq - 1, beforeMs: timestamp }] : []),
    ...(seq < hole.to ? [{ ...hole, from: seq + 1, afterMs: timestamp }] : []),
  ];
  const holes = order.holes.flatMap((other) => (other === hole ? parts : [other]));
  return { ...order, holes: holes.slice(-maxHoles) };
};

/**
 * Places a numbered frame among those that arrived before it. An engine's numbers and times increase together, so a frame whose time
 * contradicts its number is out of order. The first frame to claim a place keeps it. Pure.
 */
export const placeFrame = (
  order: ArrivalOrder,
  { seq, timestamp }: { seq: number; timestamp: number },
): [ArrivalOrder, Placement] => {
  if (seq > order.highestSeq) {
    if (order.highestMs !== null && timestamp <= order.highestMs) return [order, { kind: 'out_of_order' }];
    const from = order.highestSeq + 1;
    const opened =
      seq === from ? null : { root: from, from, to: seq - 1, afterMs: order.highestMs, beforeMs: timestamp };
    const holes = opened === null ? order.holes : [...order.holes, opened].slice(-maxHoles);
    return [
      { highestSeq: seq, highestMs: timestamp, holes },
      { kind: 'ahead', opened },
    ];
  }
  const hole = order.holes.find((candidate) => fits(candidate, seq, timestamp));
  if (hole === undefined) return [order, { kind: 'out_of_order' }];
  return [fill(order, hole, seq, timestamp), { kind: 'behind', hole }];
};
