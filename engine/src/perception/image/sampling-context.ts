/** Reading an opaque canvas copies its pixels; otherwise each is divided by its opacity. */
export const canvasSettings = { willReadFrequently: true, alpha: false } as const;

/** A small square canvas whose pixels are read often. @throws if the browser has no 2D canvas in workers */
export const samplingContext = (sidePx: number): OffscreenCanvasRenderingContext2D => {
  const context = new OffscreenCanvas(sidePx, sidePx).getContext('2d', canvasSettings);
  if (context === null) throw new Error('This browser has no 2D canvas in workers.');
  context.imageSmoothingQuality = 'medium';
  return context;
};
