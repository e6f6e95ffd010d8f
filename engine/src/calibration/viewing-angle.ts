/** A page cannot measure its screen: CSS defines 96 pixels an inch, and this is a typical distance from a laptop. */
const assumedPxPerCm = 96 / 2.54;
const assumedDistanceCm = 60;

/** The visual angle of a distance in the middle of the screen. */
export const degreesOf = (distancePx: number): number =>
  (Math.atan(distancePx / assumedPxPerCm / assumedDistanceCm) * 180) / Math.PI;
