/** Scores of one image: each suspect's score in the search and from close up. */
export type Looks = readonly (readonly [search: number, look: number])[];

export interface Threshold {
  /** Share of images without a phone that reach it. */
  falseShare: number;
  threshold: number;
  recall: number;
}

/**
 * The highest agreement of an image's suspects; 0 without any. @param lookWeight of the close-up score; the search's
 * score has weight 1.
 */
export const bestAgreement = (looks: Looks, lookWeight: number): number =>
  Math.max(0, ...looks.map(([search, look]) => (search + lookWeight * look) / (1 + lookWeight)));

/** For each share of false images, the lowest threshold that stays within it, and the phones found with it. */
export const thresholds = (
  phones: readonly number[],
  others: readonly number[],
  falseShares: readonly number[],
): Threshold[] => {
  const falling = others.toSorted((a, b) => b - a);
  return falseShares.map((falseShare) => {
    const threshold = falling[Math.floor(falseShare * others.length)] ?? 0;
    const found = phones.filter((score) => score > threshold).length;
    return { falseShare, threshold, recall: phones.length === 0 ? 0 : found / phones.length };
  });
};
