import { limits } from '@invigil/protocol/frame';
import { afterEach, expect, test } from 'vitest';
import { ThumbnailEncoder } from './thumbnail-encoder.ts';

const after = (delayMs: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};
let encoder = new ThumbnailEncoder({ after });
afterEach(() => {
  encoder.close();
  encoder = new ThumbnailEncoder({ after });
});

/** Noise is the hardest to compress. */
const noise = (width: number, height: number): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const pixels = new ImageData(width, height);
  let seed = 1;
  for (let index = 0; index < pixels.data.length; index++) {
    seed = (seed * 48_271) % 2_147_483_647;
    pixels.data[index] = index % 4 === 3 ? 255 : seed % 256;
  }
  context?.putImageData(pixels, 0, 0);
  return canvas;
};
const decode = async (base64: string | null) => {
  const bytes = Uint8Array.from(atob(base64 ?? ''), (char) => char.charCodeAt(0));
  const { width, height } = await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  return { bytes: bytes.length, width, height };
};

test.each([
  [640, 480, 160, 120],
  [480, 640, 120, 160],
  [1280, 720, 160, 90],
  [100, 80, 100, 80],
])(
  'an image of %i × %i becomes a JPEG of %i × %i within the size limit',
  async (width, height, smallWidth, smallHeight) => {
    const image = await createImageBitmap(noise(width, height));
    const small = await decode(await encoder.encode(image));
    expect(small).toEqual({ bytes: expect.any(Number), width: smallWidth, height: smallHeight });
    expect(small.bytes).toBeLessThanOrEqual(limits.pictureBytes);
    // The encoder owns the image, so there is nothing left to close.
    expect(image.width).toBe(0);
  },
);

test('takes a camera’s own frames, one after the other', async () => {
  for (let count = 0; count < 3; count++) {
    const frame = new VideoFrame(noise(640, 480), { timestamp: count });
    expect(await decode(await encoder.encode(frame))).toMatchObject({ width: 160, height: 120 });
    expect(frame.format).toBeNull();
  }
});

test('returns null if closed during an image, and continues afterwards', async () => {
  const cut = encoder.encode(await createImageBitmap(noise(640, 480)));
  await Promise.resolve();
  encoder.close();
  expect(await cut).toBeNull();
  expect(await decode(await encoder.encode(await createImageBitmap(noise(64, 48))))).toMatchObject({ width: 64 });
});
