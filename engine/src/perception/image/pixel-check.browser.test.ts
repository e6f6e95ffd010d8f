import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkPixels } from './pixel-check.ts';
import { FramePixelReader } from './frame-pixels.ts';
import { meanDifference, testPattern } from './test-pattern.ts';

/** The browser's effect on pixels that are read back. */
const falsify = (change: (data: Uint8ClampedArray) => void) => {
  const prototype = OffscreenCanvasRenderingContext2D.prototype;
  const original = Object.getOwnPropertyDescriptor(prototype, 'getImageData')?.value as (
    this: OffscreenCanvasRenderingContext2D,
    ...args: Parameters<OffscreenCanvasRenderingContext2D['getImageData']>
  ) => ImageData;
  vi.spyOn(prototype, 'getImageData').mockImplementation(function (this: OffscreenCanvasRenderingContext2D, ...args) {
    const image = original.apply(this, args);
    change(image.data);
    return image;
  });
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the pixel check', () => {
  const right = { isDrawingFalsified: false, isCopyFalsified: false };

  test('trusts a browser that returns the drawn pixels', async () => {
    expect(await checkPixels(new FramePixelReader())).toEqual({ ...right, noiseLevels: 0 });
  });

  test('trusts one that flips the lowest bit of some pixels', async () => {
    falsify((data) => data.forEach((value, i) => (data[i] = i % 7 === 0 ? value ^ 1 : value)));
    expect(await checkPixels(new FramePixelReader())).toEqual({ ...right, noiseLevels: 0 });
  });

  test('measures noise that differs from read to read, and trusts small noise', async () => {
    let reads = 0;
    falsify((data) => {
      reads += 1;
      data.forEach((value, i) => (data[i] = value + (reads % 2 === 0 && i % 4 < 3 ? 1 : 0)));
    });
    const { noiseLevels, ...falsified } = await checkPixels(new FramePixelReader());
    expect(falsified).toEqual(right);
    expect(noiseLevels).toBeCloseTo(1, 1);
  });

  test.each([
    ['white', (data: Uint8ClampedArray) => data.fill(255)],
    ['noise', (data: Uint8ClampedArray) => data.forEach((_, i) => (data[i] = (i * 7919) % 256))],
    ['nothing', (data: Uint8ClampedArray) => data.fill(0)],
  ])('does not trust canvases that return %s, but copies, if there are any', async (_name, change) => {
    falsify(change);
    expect(await checkPixels(new FramePixelReader())).toMatchObject({
      isDrawingFalsified: true,
      isCopyFalsified: false,
    });
    vi.stubGlobal('VideoFrame', undefined);
    expect(await checkPixels(new FramePixelReader())).toMatchObject({
      isDrawingFalsified: true,
      isCopyFalsified: true,
    });
  });

  test('does not trust copies that are sampled from a canvas on which nothing is put', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'putImageData').mockReturnValue();
    expect(await checkPixels(new FramePixelReader())).toMatchObject({
      isDrawingFalsified: false,
      isCopyFalsified: true,
    });
  });

  test('does not trust canvases on which something else is drawn', async () => {
    vi.spyOn(OffscreenCanvasRenderingContext2D.prototype, 'drawImage').mockReturnValue();
    expect(await checkPixels(new FramePixelReader())).toMatchObject({
      isDrawingFalsified: true,
      isCopyFalsified: false,
    });
  });
});

test('too few or too many pixels count as changed', () => {
  expect(meanDifference(testPattern(), [])).toBe(Infinity);
  expect(meanDifference([1, 2], [2, 4])).toBe(1.5);
});
