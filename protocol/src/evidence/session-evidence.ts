import type { RuleSetState } from '../rules/rule-set.ts';
import { startArrivalOrder } from './arrival-order.ts';
import type { ArrivalOrder } from './arrival-order.ts';
import { startLiveCoverage } from './live-coverage.ts';
import type { LiveCoverage } from './live-coverage.ts';
import { startReceipts } from './receipt-times.ts';
import type { ReceiptTimes } from './receipt-times.ts';
import { startLongLoop } from './long-loop.ts';
import type { LongLoop } from './long-loop.ts';
import { startStaticReadings } from './static-readings.ts';
import type { StaticReadings } from './static-readings.ts';

/**
 * Lanes for frames outside the main analysis. Each lane has its own rule states, which can only add observations. `late`
 * fills holes that an outage explains; the others hold frames that contradict the server's clock or the order of
 * frames.
 */
export const lanes = ['late', 'unexplained', 'outside_session', 'out_of_order'] as const;
export type LaneName = (typeof lanes)[number];

interface Lane {
  /** `Hole.root` of the hole that the frames fill; null in lanes other than `late`. */
  root: number | null;
  lastMs: number;
  rules: RuleSetState;
}

/** The server's own evidence about a session, for analysis in order of arrival. Plain JSON. */
export interface SessionEvidence {
  /** When the session started, server clock. */
  startedMs: number;
  /** Timestamp of the first frame that belongs to the session, otherwise of the first frame; null before any frame. */
  firstMs: number | null;
  order: ArrivalOrder;
  receipts: ReceiptTimes;
  coverage: LiveCoverage;
  lanes: Partial<Record<LaneName, Lane>>;
  /** The rules' states where the newest holes opened, so that an observation continues in the frames that fill them. */
  beforeHoles: readonly { root: number; rules: RuleSetState }[];
  readings: StaticReadings;
  /** The same for readings without their last digits. */
  coarse: StaticReadings;
  /** Absent in older checkpoints. */
  loop?: LongLoop;
  /** Numbers of frames in the lanes other than `late`, which add observations but never coverage. */
  outOfOrder: number;
  outsideSession: number;
  lateUnexplained: number;
}

export const startEvidence = (startedMs: number): SessionEvidence => ({
  startedMs,
  firstMs: null,
  order: startArrivalOrder(),
  receipts: startReceipts(startedMs),
  coverage: startLiveCoverage(startedMs),
  lanes: {},
  beforeHoles: [],
  readings: startStaticReadings(),
  coarse: startStaticReadings(),
  loop: startLongLoop(),
  outOfOrder: 0,
  outsideSession: 0,
  lateUnexplained: 0,
});

/**
 * The evidence with the place of the next frame. Members are named, not spread: V8 allocates such an object in one step,
 * but copies a spread member by member.
 */
export const withPlace = (
  before: SessionEvidence,
  receipts: ReceiptTimes,
  order: ArrivalOrder,
): Required<SessionEvidence> => ({
  startedMs: before.startedMs,
  firstMs: before.firstMs,
  order,
  receipts,
  coverage: before.coverage,
  lanes: before.lanes,
  beforeHoles: before.beforeHoles,
  readings: before.readings,
  coarse: before.coarse,
  loop: before.loop ?? startLongLoop(),
  outOfOrder: before.outOfOrder,
  outsideSession: before.outsideSession,
  lateUnexplained: before.lateUnexplained,
});
