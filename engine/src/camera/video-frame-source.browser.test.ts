import { afterEach, expect, test, vi } from 'vitest';
import { VideoFrameSource } from './video-frame-source.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

afterEach(() => vi.restoreAllMocks());

test('skips an image that the browser cannot provide, and takes the next one', async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const source = new VideoFrameSource(stream);
  try {
    await expect.poll(() => source.lastArrivalMs, { timeout: 10_000 }).not.toBeNull();
    vi.spyOn(globalThis, 'createImageBitmap').mockRejectedValueOnce(new DOMException('gone', 'InvalidStateError'));
    expect(await source.take()).toBeNull();
    const taken = await waitUntil(() => source.take(), { timeout: 10_000 });
    expect(taken.image).toBeInstanceOf(ImageBitmap);
    taken.image.close();
  } finally {
    source.close();
    for (const track of stream.getTracks()) track.stop();
  }
});

test('plays on when the system pauses the video, and stays paused once it is closed', async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play');
  const source = new VideoFrameSource(stream);
  try {
    await expect.poll(() => source.lastArrivalMs, { timeout: 10_000 }).not.toBeNull();
    const video = play.mock.contexts[0] as HTMLVideoElement;
    // Pauses so soon after the start are left alone.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    video.pause();
    await expect.poll(() => video.paused).toBe(false);
    expect(play).toHaveBeenCalledTimes(2);
    source.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([video.paused, play.mock.calls.length]).toEqual([true, 2]);
  } finally {
    source.close();
    for (const track of stream.getTracks()) track.stop();
  }
});
