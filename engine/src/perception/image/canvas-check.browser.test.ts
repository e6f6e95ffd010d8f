import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkCanvas } from './canvas-check.ts';
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

afterEach(() => vi.restoreAllMocks());

describe.each([
  ['with copied frames', { mayCopy: true }],
  ['with frames read through the canvas', { mayCopy: false }],
])('the canvas check %s', (_way, { mayCopy }) => {
  const reader = (): FramePixelReader => new FramePixelReader({ mayCopy });

  test('trusts a browser that returns the drawn pixels', async () => {
    expect(await checkCanvas(reader())).toEqual({ isFalsified: false, noiseLevels: 0 });
  });

  test('trusts one that flips the lowest bit of some pixels', async () => {
    falsify((data) => data.forEach((value, i) => (data[i] = i % 7 === 0 ? value ^ 1 : value)));
    expect(await checkCanvas(reader())).toEqual({ isFalsified: false, noiseLevels: 0 });
  });

  test('measures noise that differs from read to read, and trusts small noise', async () => {
    let reads = 0;
    falsify((data) => {
      reads += 1;
      data.forEach((value, i) => (data[i] = value + (reads % 3 === 0 && i % 4 < 3 ? 1 : 0)));
    });
    const { isFalsified, noiseLevels } = await checkCanvas(reader());
    expect(isFalsified).toBe(false);
    // A copy has no noise of the canvas.
    expect(noiseLevels).toBeCloseTo(mayCopy ? 0 : 1, 1);
  });

  test.each([
    ['white', (data: Uint8ClampedArray) => data.fill(255)],
    ['noise', (data: Uint8ClampedArray) => data.forEach((_, i) => (data[i] = (i * 7919) % 256))],
    ['nothing', (data: Uint8ClampedArray) => data.fill(0)],
  ])('does not trust one that returns %s', async (_name, change) => {
    falsify(change);
    expect(await checkCanvas(reader())).toMatchObject({ isFalsified: true });
  });
});

test('too few or too many pixels count as changed', () => {
  expect(meanDifference(testPattern(), [])).toBe(Infinity);
  expect(meanDifference([1, 2], [2, 4])).toBe(1.5);
});
