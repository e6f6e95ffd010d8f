const stepsS = [0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
const wantedTicks = 6;
/** A label that begins later than this would extend past the axis. */
const lastTickShare = 0.94;

/** The part of a session that a timeline shows. Seconds from the beginning. */
export interface TimeWindow {
  fromS: number;
  toS: number;
}

/** About six round times for the axis of a timeline. Seconds from the beginning of the session. */
export const ticksOf = ({ fromS, toS }: TimeWindow): number[] => {
  const widthS = toS - fromS;
  const step = stepsS.find((seconds) => widthS / seconds <= wantedTicks) ?? 14_400;
  const first = Math.ceil(fromS / step);
  const last = Math.floor((fromS + widthS * lastTickShare) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
};

/**
 * Left edge and width of an interval, in percent of the window and clipped to it; null if the interval lies outside.
 */
export const placeOf = (fromS: number, toS: number, window: TimeWindow): { left: string; width: string } | null => {
  const widthS = window.toS - window.fromS;
  if (toS < window.fromS || fromS > window.toS) return null;
  const share = (seconds: number): number =>
    widthS <= 0 ? 0 : Math.min(1, Math.max(0, (seconds - window.fromS) / widthS)) * 100;
  const left = share(fromS);
  return { left: `${left.toFixed(3)}%`, width: `${(share(toS) - left).toFixed(3)}%` };
};

/** A closer zoom would exceed the resolution of the readings. */
const leastWidthS = 2;

/** Zooms the window by `factor` (out below 1) about its middle, within the session. */
export const zoomed = ({ fromS, toS }: TimeWindow, factor: number, durationS: number): TimeWindow => {
  const widthS = Math.min(durationS, Math.max(Math.min(leastWidthS, durationS), (toS - fromS) / factor));
  return within((fromS + toS - widthS) / 2, widthS, durationS);
};

/** Moves the window by a share of its width, within the session. */
export const moved = ({ fromS, toS }: TimeWindow, share: number, durationS: number): TimeWindow =>
  within(fromS + (toS - fromS) * share, toS - fromS, durationS);

const within = (fromS: number, widthS: number, durationS: number): TimeWindow => {
  const begins = Math.max(0, Math.min(durationS - widthS, fromS));
  return { fromS: begins, toS: begins + widthS };
};

/** Seconds from the beginning of the session; a reading from before it is drawn at the beginning. */
export const sinceStart = (atMs: number, startMs: number): number => Math.max(0, (atMs - startMs) / 1000);
