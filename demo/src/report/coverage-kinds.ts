import { percentText } from '../page/number-text.ts';
import type { Coverage } from '@invigil/protocol/report';

const coverageKinds = ['live', 'late', 'missing'] as const;
type CoverageKind = (typeof coverageKinds)[number];

export interface CoveragePart {
  kind: CoverageKind;
  seconds: number;
  /** 0–1. */
  share: number;
}

const shareOf = (seconds: number, durationS: number): number => (durationS <= 0 ? 0 : Math.min(1, seconds / durationS));

/** How a part of the session was observed, by the server's clock. */
export const coverageParts = (liveS: number, lateS: number, durationS: number): CoveragePart[] => {
  const missingS = Math.max(0, Math.round((durationS - liveS - lateS) * 1000) / 1000);
  const seconds = { live: liveS, late: lateS, missing: missingS };
  return coverageKinds.map((kind) => ({ kind, seconds: seconds[kind], share: shareOf(seconds[kind], durationS) }));
};

/** Null for a report of rules before version 3, which did not record when the server received frames. */
export const partsOf = ({ live_s: liveS, late_s: lateS, duration_s: durationS }: Coverage): CoveragePart[] | null =>
  liveS === undefined || lateS === undefined ? null : coverageParts(liveS, lateS, durationS);

/** Seen live rounded down and the others up, so that neither "100 %" nor "0 %" hides anything. */
export const percentOf = ({ kind, share }: CoveragePart): string => {
  const tenths = share * 1000;
  // The small offset absorbs the rounding error of the division.
  const rounded = kind === 'live' ? Math.floor(tenths + 1e-6) : Math.ceil(tenths - 1e-6);
  return percentText(rounded / 1000, rounded % 10 === 0 ? 0 : 1);
};
