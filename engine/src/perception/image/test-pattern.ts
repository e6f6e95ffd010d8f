/** Side of the pattern. */
export const patternSidePx = 64;
const stripePx = 8;

/** Stripes across and a ramp along, different in each channel. RGBA. */
export const testPattern = (): Uint8ClampedArray<ArrayBuffer> => {
  const rgba = new Uint8ClampedArray(patternSidePx * patternSidePx * 4);
  for (let i = 0; i < patternSidePx * patternSidePx; i++) {
    const [x, y] = [i % patternSidePx, Math.floor(i / patternSidePx)];
    const isLight = Math.floor(x / stripePx) % 2 === 0;
    rgba.set([isLight ? 220 : 30, 40 + y * 3, isLight ? 60 : 180, 255], i * 4);
  }
  return rgba;
};

/** @returns Infinity if the lengths differ. */
export const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
};
