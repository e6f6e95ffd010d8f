import type { Losses } from '@invigil/protocol/channels';

/** Twice the highest frame rate of any engine. */
const maxFramesPerSecond = 60;
/** Tolerance for a client whose clock or frame count was ahead at the session's start. */
const slackFrames = 10_000;

/** The maximum number of frames that a session can have numbered by now. */
export const possibleFrames = (startedAt: string, nowMs: number): number =>
  slackFrames + Math.ceil((Math.max(0, nowMs - Date.parse(startedAt)) / 1000) * maxFramesPerSecond);

/**
 * Why reported losses are impossible; null if they are possible. Losses settle numbers permanently, so impossible ones
 * are refused as a whole.
 */
export const impossibleLosses = (
  { counts, ranges = [] }: Losses,
  most: number,
): { field: string; message: string } | null => {
  const count = Object.entries(counts).find(([, frames]) => frames > most);
  if (count !== undefined) {
    return { field: `counts.${count[0]}`, message: `a session of this age cannot have lost more than ${most} frames` };
  }
  const place = ranges.findIndex(({ seqs: [, to] }) => to > most);
  if (place === -1) return null;
  return { field: `ranges.${place}.seqs`, message: `a session of this age cannot have frame numbers above ${most}` };
};
