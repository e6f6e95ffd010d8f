import type { StoredFrame } from '../frame/feature-frame.ts';
import { placeFrame } from './arrival-order.ts';
import type { Placement } from './arrival-order.ts';
import { isExplained, isLive, liveWithinMs, stepReceipts } from './receipt-times.ts';
import { withPlace } from './session-evidence.ts';
import type { LaneName, SessionEvidence } from './session-evidence.ts';

/**
 * How the analysis uses a frame. `main`: it is the newest. `late`: it arrived after newer frames. `aside`: it
 * contradicts the server's clock or the order of the frames, so it can add observations but no coverage.
 */
export type Arrival =
  | { kind: 'main'; isLive: boolean; opensHole: number | null }
  | { kind: 'late'; isLive: boolean; root: number; afterMs: number | null }
  | { kind: 'aside'; lane: Exclude<LaneName, 'late'> };

/**
 * Tolerance for a client's estimate of the server's clock. A frame at most this long before the session's start belongs to the session, but
 * adds no coverage.
 */
const clockToleranceMs = 5000;
/** A clock may be ahead by as much as a live frame may be late. The report cuts coverage off at the session's end. */
const maxAheadMs = liveWithinMs;

/** Numbers that the server assigned do not show the order in which the frames were made. */
const isNumbered = ({ frame_id, seq }: StoredFrame): boolean => frame_id === String(seq);

/** While an engine numbers its frames, another client's unnumbered frames would dilute its evidence. */
const placeUnnumbered = ({ coverage, order }: SessionEvidence, { timestamp }: StoredFrame): Placement =>
  order.highestSeq >= 0 || timestamp < coverage.lastMs - clockToleranceMs
    ? { kind: 'out_of_order' }
    : { kind: 'ahead', opened: null };

const arrivalOf = (
  evidence: SessionEvidence,
  { timestamp, received_at: receivedMs }: StoredFrame,
  placement: Exclude<Placement, { kind: 'out_of_order' }>,
): Arrival => {
  const live = isLive(timestamp, receivedMs);
  if (!live && !isExplained(evidence.receipts, timestamp)) return { kind: 'aside', lane: 'unexplained' };
  if (placement.kind === 'behind') {
    return { kind: 'late', isLive: live, root: placement.hole.root, afterMs: placement.hole.afterMs };
  }
  return { kind: 'main', isLive: live, opensHole: placement.opened?.root ?? null };
};

/** Classifies the next frame in order of arrival, and counts it. Pure. */
export const placeArrival = (before: SessionEvidence, frame: StoredFrame): [SessionEvidence, Arrival] => {
  const { timestamp, received_at: receivedMs } = frame;
  const receipts = stepReceipts(before.receipts, receivedMs);
  const isAhead = timestamp > receivedMs + maxAheadMs || frame.ahead_ms !== undefined;
  if (isAhead || timestamp < before.startedMs - clockToleranceMs) {
    return [
      { ...before, receipts, outsideSession: before.outsideSession + 1 },
      { kind: 'aside', lane: 'outside_session' },
    ];
  }
  const [order, placement] = isNumbered(frame)
    ? placeFrame(before.order, frame)
    : [before.order, placeUnnumbered(before, frame)];
  if (placement.kind === 'out_of_order') {
    return [
      { ...before, receipts, outOfOrder: before.outOfOrder + 1 },
      { kind: 'aside', lane: 'out_of_order' },
    ];
  }
  const placed = withPlace(before, receipts, order);
  const arrival = arrivalOf(placed, frame, placement);
  if (arrival.kind !== 'aside') return [placed, arrival];
  return [{ ...placed, lateUnexplained: placed.lateUnexplained + 1 }, arrival];
};
