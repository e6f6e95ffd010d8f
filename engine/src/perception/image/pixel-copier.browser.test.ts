import { afterEach, describe, expect, test, vi } from 'vitest';
import { FramePixelReader } from './frame-pixels.ts';
import { PixelCopier } from './pixel-copier.ts';
import { meanDifference } from './test-pattern.ts';

const size = { width: 96, height: 64 };
const picture = (): ImageData => {
  const image = new ImageData(size.width, size.height);
  for (let i = 0; i < image.data.length; i += 4) {
    const [x, y] = [(i / 4) % size.width, Math.floor(i / 4 / size.width)];
    image.data.set([x * 2, 255 - y * 3, (x + y) % 256, 255], i);
  }
  return image;
};
const frameOf = async (options: Partial<VideoFrameInit> = {}): Promise<VideoFrame> =>
  new VideoFrame(await createImageBitmap(picture()), { timestamp: 0, ...options });

afterEach(() => vi.restoreAllMocks());

describe('copied pixels', () => {
  test('are those of a bitmap and of a frame', async () => {
    const copier = await PixelCopier.create();
    for (const image of [await createImageBitmap(picture()), await frameOf()]) {
      const copy = await copier!.copy(image, size);
      expect(meanDifference(copy!.data, picture().data)).toBeLessThan(0.5);
      image.close();
    }
  });

  test('lie in the same memory each time', async () => {
    const copier = await PixelCopier.create();
    const [first, second] = [await copier!.copy(await frameOf(), size), await copier!.copy(await frameOf(), size)];
    expect(first!.data.buffer).toBe(second!.data.buffer);
  });

  test('an image of another size is left to the canvas, which scales it', async () => {
    const copier = await PixelCopier.create();
    expect(await copier!.copy(await frameOf(), { width: 48, height: 32 })).toBe(null);
    expect(await copier!.copy(await frameOf({ displayWidth: 48, displayHeight: 32 }), { width: 48, height: 32 })).toBe(
      null,
    );
  });

  test('a frame that was closed is left to the canvas', async () => {
    const copier = await PixelCopier.create();
    const frame = await frameOf();
    frame.close();
    expect(await copier!.copy(frame, size)).toBe(null);
  });

  test.each([
    [
      'swaps red and blue',
      (data: Uint8Array) => data.forEach((value, i) => i % 4 === 0 && ([data[i], data[i + 2]] = [data[i + 2]!, value])),
    ],
    ['copies noise', (data: Uint8Array) => data.forEach((_, i) => (data[i] = (i * 7919) % 256))],
    ['copies nothing', (data: Uint8Array) => data.fill(0)],
  ])('are not used in a browser that %s', async (_what, change) => {
    const original = Object.getOwnPropertyDescriptor(VideoFrame.prototype, 'copyTo')!.value as VideoFrame['copyTo'];
    vi.spyOn(VideoFrame.prototype, 'copyTo').mockImplementation(async function (this: VideoFrame, target, options) {
      const layout = await original.call(this, target, options);
      change(target as Uint8Array);
      return layout;
    });
    expect(await PixelCopier.create()).toBe(null);
  });

  test('are not used in a browser that ignores the format', async () => {
    vi.spyOn(VideoFrame.prototype, 'allocationSize').mockReturnValue((size.width * size.height * 3) / 2);
    expect(await PixelCopier.create()).toBe(null);
  });
});

describe('a frame', () => {
  const lumaAndCanvas = async (reader: FramePixelReader, image: ImageBitmap | VideoFrame) => {
    const { luma, image: canvas, width, height } = await reader.read(image);
    return { luma: luma.slice(), canvas: canvas.getContext('2d')!.getImageData(0, 0, width, height).data };
  };

  test.each(['I420', 'NV12'] as const)('of a camera (%s) is read as through a canvas', async (format) => {
    const planes = new Uint8Array(size.width * size.height * 1.5);
    planes.forEach((_, i) => (planes[i] = i < size.width * size.height ? 60 + (i % size.width) : 110 + (i % 40)));
    const frame = (): VideoFrame =>
      new VideoFrame(planes, { format, codedWidth: size.width, codedHeight: size.height, timestamp: 0 });
    const copied = await lumaAndCanvas(new FramePixelReader(), frame());
    const drawn = await lumaAndCanvas(new FramePixelReader({ mayCopy: false }), frame());
    expect(meanDifference(copied.luma, drawn.luma)).toBeLessThan(2);
    expect(meanDifference(copied.canvas, drawn.canvas)).toBeLessThan(2);
  });

  test('that was drawn after a copy is read anew', async () => {
    const reader = new FramePixelReader();
    const before = await lumaAndCanvas(reader, await frameOf());
    const half = { displayWidth: 48, displayHeight: 32 };
    const scaled = await reader.read(await frameOf(half));
    expect(scaled).toMatchObject({ width: 48, height: 32 });
    expect(scaled.luma).toHaveLength(48 * 32);
    expect(await lumaAndCanvas(reader, await frameOf())).toEqual(before);
  });
});
