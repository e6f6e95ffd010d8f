import { afterEach, expect, test, vi } from 'vitest';
import { VideoFrameSource } from './video-frame-source.ts';

afterEach(() => vi.restoreAllMocks());

test('skips an image that the browser cannot provide, and takes the next one', async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const source = new VideoFrameSource(stream);
  try {
    await expect.poll(() => source.lastArrivalMs, { timeout: 10_000 }).not.toBeNull();
    vi.spyOn(globalThis, 'createImageBitmap').mockRejectedValueOnce(new DOMException('gone', 'InvalidStateError'));
    expect(await source.take()).toBeNull();
    const taken = await vi.waitUntil(() => source.take(), { timeout: 10_000 });
    expect(taken.image).toBeInstanceOf(ImageBitmap);
    taken.image.close();
  } finally {
    source.close();
    for (const track of stream.getTracks()) track.stop();
  }
});
