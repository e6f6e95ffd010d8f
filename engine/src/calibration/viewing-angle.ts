/** A page cannot measure its screen: CSS defines 96 pixels an inch, and people sit about so far from a laptop. */
const assumedPxPerCm = 96 / 2.54;
export const assumedDistanceCm = 60;

/** The angle under which a distance in the middle of the screen is seen. */
export const degreesOf = (distancePx: number): number =>
  (Math.atan(distancePx / assumedPxPerCm / assumedDistanceCm) * 180) / Math.PI;
