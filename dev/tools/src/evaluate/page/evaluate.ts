import { createPerception } from '@invigil/engine/testing/perception';
import type { EngineFacts, FeatureReadings } from '@invigil/engine/testing/perception';

/** What the evaluation script calls in this page. */
declare global {
  interface Window {
    loadEngine(): Promise<EngineFacts>;
    readPicture(url: string): Promise<FeatureReadings>;
    /** Reads a video as a stream of frames, as fast as this machine can; times are the video's. */
    readClip(url: string): Promise<{ atMs: number; readings: FeatureReadings }[]>;
  }
}

const backend = new URLSearchParams(location.search).get('backend') === 'webgl' ? 'webgl' : 'auto';
/** A single image runs every detector on every tile, and the machine may be busy. */
const limits = { loadSilenceMs: 120_000, firstReadsMs: 120_000, readMs: 60_000 };
const perception = createPerception({ modelsUrl: '/models/', backend }, { limits });

window.loadEngine = () => perception.load(() => {});

window.readPicture = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return perception.readStill(await createImageBitmap(await response.blob()));
};

const clipFrameMs = 200;

window.readClip = async (url) => {
  const video = document.createElement('video');
  video.muted = true;
  // A browser seeks in memory; over HTTP it would need a server that answers ranges.
  video.src = URL.createObjectURL(await (await fetch(url)).blob());
  await happened(video, 'loadeddata');
  const frames: { atMs: number; readings: FeatureReadings }[] = [];
  // A still image makes the engine forget the previous clip.
  await perception.readStill(await firstImage(video));
  for (let atMs = 0; atMs < video.duration * 1000; atMs += clipFrameMs) {
    video.currentTime = atMs / 1000;
    await happened(video, 'seeked');
    // A damaged frame of a clip cannot be shown; a camera would send none either.
    const image = await createImageBitmap(video).catch(() => null);
    if (image !== null) frames.push({ atMs, readings: await perception.read(image, atMs) });
  }
  return frames;
};

/** A clip may begin with a frame that cannot be shown. */
const firstImage = async (video: HTMLVideoElement): Promise<ImageBitmap> =>
  createImageBitmap(video).catch(() => createImageBitmap(new ImageData(video.videoWidth, video.videoHeight)));

const happened = (video: HTMLVideoElement, event: 'loadeddata' | 'seeked'): Promise<void> =>
  new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true });
    video.addEventListener(
      'error',
      () => reject(new Error(`${video.src}: ${video.error?.message ?? 'cannot be played'}`)),
      {
        once: true,
      },
    );
  });
