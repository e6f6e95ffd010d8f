/** Input of thinning. Frames of a higher tier are dropped only when the lower tiers are used up. */
export interface ThinningEntry {
  seq: number;
  bytes: number;
  tier: 0 | 1 | 2;
}

export interface ThinningGoal {
  maxFrames: number;
  maxBytes: number;
}

/** Every second frame of the older half, starting with the second. */
const everySecondOfOlderHalf = (entries: readonly ThinningEntry[]): ThinningEntry[] =>
  entries.slice(0, Math.max(2, Math.ceil(entries.length / 2))).filter((_, index) => index % 2 === 1);

/**
 * Chooses frames to drop until the rest fits. The oldest part becomes evenly sparser, so that every moment is still covered, at a
 * lower rate. Pure; entries and result in rising order.
 */
export const framesToThin = (entries: readonly ThinningEntry[], goal: ThinningGoal): number[] => {
  const dropped = new Set<number>();
  let frames = entries.length;
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const tier of [0, 1, 2]) {
    let candidates = entries.filter((entry) => entry.tier === tier);
    while ((frames > goal.maxFrames || bytes > goal.maxBytes) && candidates.length > 1) {
      for (const entry of everySecondOfOlderHalf(candidates)) {
        dropped.add(entry.seq);
        frames -= 1;
        bytes -= entry.bytes;
      }
      candidates = candidates.filter(({ seq }) => !dropped.has(seq));
    }
  }
  return [...dropped].toSorted((a, b) => a - b);
};
