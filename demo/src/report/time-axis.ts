const stepsS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const wantedTicks = 6;
/** A label that begins later than this would stick out. */
const lastTickShare = 0.94;

/** Moments for the axis of a timeline: round ones, about six of them. Seconds from the beginning. */
export const ticksOf = (durationS: number): number[] => {
  const step = stepsS.find((seconds) => durationS / seconds <= wantedTicks) ?? 14_400;
  return Array.from({ length: Math.floor((durationS * lastTickShare) / step) + 1 }, (_, index) => index * step);
};

/** Left edge and width of an interval, in percent of the whole, cut to it. */
export const placeOf = (fromS: number, toS: number, durationS: number): { left: string; width: string } => {
  const share = (seconds: number): number => (durationS <= 0 ? 0 : Math.min(1, Math.max(0, seconds / durationS)) * 100);
  const left = share(fromS);
  return { left: `${left.toFixed(3)}%`, width: `${(share(toS) - left).toFixed(3)}%` };
};
