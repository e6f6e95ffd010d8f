/** A page cannot measure its screen: CSS defines 96 pixels an inch, and people sit about so far from a laptop. */
const ASSUMED_PX_PER_CM = 96 / 2.54;
export const ASSUMED_DISTANCE_CM = 60;

/** The angle under which a distance in the middle of the screen is seen. */
export const degreesOf = (distancePx: number): number =>
  (Math.atan(distancePx / ASSUMED_PX_PER_CM / ASSUMED_DISTANCE_CM) * 180) / Math.PI;
