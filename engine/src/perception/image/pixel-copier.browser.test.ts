import { afterEach, describe, expect, test, vi } from 'vitest';
import { FramePixelReader } from './frame-pixels.ts';
import { ImageSampler, squareAround } from './image-sampler.ts';
import { PixelCopier } from './pixel-copier.ts';
import { meanDifference } from './test-pattern.ts';

const size = { width: 96, height: 64 };

const colours = (): ImageData => {
  const image = new ImageData(size.width, size.height);
  for (let i = 0; i < image.data.length; i += 4) {
    const [x, y] = [(i / 4) % size.width, Math.floor(i / 4 / size.width)];
    image.data.set([x * 2, 255 - y * 3, (x + y) % 256, 255], i);
  }
  return image;
};

const opened: (ImageBitmap | VideoFrame)[] = [];
const closedLater = <Image extends ImageBitmap | VideoFrame>(image: Image): Image => {
  opened.push(image);
  return image;
};
const bitmapOfColours = async (): Promise<ImageBitmap> => closedLater(await createImageBitmap(colours()));
const frameOf = async (options: Partial<VideoFrameInit> = {}): Promise<VideoFrame> =>
  closedLater(new VideoFrame(await bitmapOfColours(), { timestamp: 0, ...options }));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const image of opened.splice(0)) image.close();
});

const copyTo = Object.getOwnPropertyDescriptor(VideoFrame.prototype, 'copyTo')!.value as VideoFrame['copyTo'];

describe('copied pixels', () => {
  test('are those of a bitmap and of a frame', async () => {
    const copier = await PixelCopier.create();
    for (const image of [await bitmapOfColours(), await frameOf()]) {
      const copy = await copier!.copy(image, size);
      expect(meanDifference(copy!.data, colours().data)).toBeLessThan(0.5);
    }
  });

  test('lie in the same memory each time', async () => {
    const copier = await PixelCopier.create();
    const [first, second] = [await copier!.copy(await frameOf(), size), await copier!.copy(await frameOf(), size)];
    expect(first!.data.buffer).toBe(second!.data.buffer);
  });

  test('an image of another size is left to the canvas, which scales it', async () => {
    const copier = await PixelCopier.create();
    const half = { width: 48, height: 32 };
    expect(await copier!.copy(await frameOf(), half)).toBe(null);
    expect(await copier!.copy(await frameOf({ displayWidth: 48, displayHeight: 32 }), half)).toBe(null);
  });

  test('a frame that was closed is left to the canvas, and the next one is copied', async () => {
    const copier = await PixelCopier.create();
    const frame = await frameOf();
    frame.close();
    expect(await copier!.copy(frame, size)).toBe(null);
    expect(await copier!.copy(await frameOf(), size)).not.toBe(null);
  });

  test('are given up if the browser does not answer', async () => {
    const copier = await PixelCopier.create();
    const frame = await frameOf();
    vi.useFakeTimers();
    const calls = vi.spyOn(VideoFrame.prototype, 'copyTo').mockReturnValue(new Promise(() => undefined));
    const copy = copier!.copy(frame, size);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await copy).toBe(null);
    expect(await copier!.copy(frame, size)).toBe(null);
    expect(calls).toHaveBeenCalledTimes(1);
  });

  /** Changes only what a camera's frames contain, or only what bitmaps contain. */
  const inCameraFrames = (frame: VideoFrame): boolean => frame.format === 'I420';
  const swapRedAndBlue = (data: Uint8Array): void => {
    for (let i = 0; i < data.length; i += 4) [data[i], data[i + 2]] = [data[i + 2]!, data[i]!];
  };

  test.each([
    ['swaps red and blue of bitmaps', (frame: VideoFrame) => !inCameraFrames(frame), swapRedAndBlue],
    ['swaps red and blue of camera frames', inCameraFrames, swapRedAndBlue],
    ['copies noise', () => true, (data: Uint8Array) => data.forEach((_, i) => (data[i] = (i * 7919) % 256))],
    ['copies nothing', () => true, (data: Uint8Array) => data.fill(0)],
  ])('are not used in a browser that %s', async (_what, isChanged, change) => {
    vi.spyOn(VideoFrame.prototype, 'copyTo').mockImplementation(async function (this: VideoFrame, target, options) {
      const layout = await copyTo.call(this, target, options);
      if (isChanged(this)) change(target as Uint8Array);
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
  const read = async (reader: FramePixelReader, image: ImageBitmap | VideoFrame, mayCopy = true) => {
    const frame = await reader.read(image, mayCopy);
    const whole = new ImageSampler(frame.width).sample(frame.image, squareAround(frame, 0));
    return { luma: frame.luma.slice(), isDrawn: frame.isDrawn, whole: whole.slice() };
  };

  test.each(['I420', 'NV12'] as const)('of a camera (%s) is copied as a canvas draws it', async (format) => {
    const planes = new Uint8Array(size.width * size.height * 1.5);
    planes.forEach((_, i) => (planes[i] = i < size.width * size.height ? 60 + (i % size.width) : 110 + (i % 40)));
    const frame = closedLater(
      new VideoFrame(planes, { format, codedWidth: size.width, codedHeight: size.height, timestamp: 0 }),
    );
    const copied = await read(new FramePixelReader(), frame);
    const drawn = await read(new FramePixelReader(), frame, false);
    expect([copied.isDrawn, drawn.isDrawn]).toEqual([false, true]);
    expect(meanDifference(copied.luma, drawn.luma)).toBeLessThan(2);
    expect(meanDifference(copied.whole, drawn.whole)).toBeLessThan(2);
  });

  test('that was copied after one that was drawn is read again', async () => {
    const reader = new FramePixelReader();
    const before = await read(reader, await frameOf());
    const scaled = await reader.read(await frameOf({ displayWidth: 48, displayHeight: 32 }));
    expect(scaled).toMatchObject({ width: 48, height: 32, isDrawn: true });
    expect(scaled.luma).toHaveLength(48 * 32);
    expect(await read(reader, await frameOf())).toEqual(before);
  });
});
