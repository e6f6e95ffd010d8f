/** Share of the brightest pixels that may be clipped by lightening. */
const clippedShare = 0.02;
const wantedLuma = 235;
/** An image that would gain less than this stays unchanged. */
const least = 1.4;
/** More would show little but noise. */
const most = 4;

/**
 * The factor that brings a dim image's bright parts to the level of an ordinary one's; 1 for any other. @param rgba of
 * the image.
 */
export const lighteningOf = (rgba: Uint8ClampedArray): number => {
  const histogram = new Uint32Array(256);
  for (let at = 0; at < rgba.length; at += 4) {
    histogram[(77 * rgba[at]! + 150 * rgba[at + 1]! + 29 * rgba[at + 2]!) >> 8]! += 1;
  }
  let luma = 255;
  for (let brighter = histogram[luma]!; luma > 1 && brighter <= (clippedShare * rgba.length) / 4;) {
    luma -= 1;
    brighter += histogram[luma]!;
  }
  const wanted = wantedLuma / luma;
  return wanted < least ? 1 : Math.min(most, wanted);
};
