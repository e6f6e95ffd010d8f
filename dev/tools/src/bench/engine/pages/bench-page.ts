import type { Contender } from './contender.ts';

const widthPx = 640;
const heightPx = 480;
/** How long an image is shown before the next, so that face tracking can follow it. */
const framesOfEach = 25;

/** Long tasks are reported some time after them. */
const toldWithinMs = 500;

const turn = (ms = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const bitmapOf = async (url: string): Promise<ImageBitmap> => createImageBitmap(await (await fetch(url)).blob());

/** The image in a webcam's frame; a still is moved slightly, as a student would. */
const framed = (picture: ImageBitmap, index: number, isStill: boolean): ImageBitmap => {
  const canvas = new OffscreenCanvas(widthPx, heightPx);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const scale = (isStill ? 1.06 : 1) * Math.max(widthPx / picture.width, heightPx / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  const [moveX, moveY] = isStill ? [6 * Math.sin(index / 5), 4 * Math.cos(index / 7)] : [0, 0];
  context.drawImage(picture, (widthPx - width) / 2 + moveX, (heightPx - height) / 2 + moveY, width, height);
  return canvas.transferToImageBitmap();
};

/** What the benchmark's script calls in this page. */
export const expose = (contender: Contender | null): void => {
  let pictures: ImageBitmap[] = [];
  let areStills = true;
  const frameAt = (index: number): ImageBitmap => {
    const picture = pictures[Math.floor(index / (areStills ? framesOfEach : 1)) % pictures.length];
    if (picture === undefined) throw new Error('there are no pictures');
    return framed(picture, index, areStills);
  };
  let examMs = 0;
  const nextMs = (stepMs: number): number => (examMs += stepMs);
  const read = async (index: number, atMs: number): Promise<void> => {
    const image = frameAt(index);
    if (contender === null) image.close();
    else await contender.read(image, atMs);
  };
  const show = async (urls: readonly string[], areMoving: boolean): Promise<void> => {
    areStills = !areMoving;
    pictures = await Promise.all(urls.map((url) => bitmapOf(url)));
  };
  globalThis.bench = {
    show,
    async load(urls, areMoving) {
      await show(urls, areMoving);
      const fromMs = performance.now();
      await contender?.load(frameAt(0));
      return performance.now() - fromMs;
    },
    /**
     * This many frames of an exam, by the exam's own clock: it decides which detectors are due, so that a busy machine
     * takes longer for the same work instead of doing less.
     */
    async exam({ frames, frameRateHz }) {
      const longTasksMs: number[] = [];
      const observer = new PerformanceObserver((list) =>
        longTasksMs.push(...list.getEntries().map(({ duration }) => duration)),
      );
      observer.observe({ type: 'longtask' });
      contender?.budget?.begin();
      const fromMs = performance.now();
      for (let beat = 0; beat < frames; beat += 1) {
        await read(beat, nextMs(1000 / frameRateHz));
        // Yields between frames; otherwise all of it would be one task, reported only at its end.
        await turn();
      }
      const tookS = (performance.now() - fromMs) / 1000;
      await turn(toldWithinMs);
      observer.disconnect();
      return { tookS, longTasksMs, budget: contender?.budget?.over(frames / frameRateHz) ?? {} };
    },
    /** One frame after the other, until there are enough or the time is up. */
    async run({ frames, limitMs }) {
      const fromMs = performance.now();
      let done = 0;
      for (; done < frames && performance.now() - fromMs < limitMs; done += 1) await read(done, nextMs(200));
      return { frames: done };
    },
    tensors: async () => contender?.tensors() ?? 0,
    detectorTimesMs: async (count) =>
      (await contender?.detectorTimesMs(Array.from({ length: count }, (_, at) => frameAt(at * framesOfEach)))) ?? {},
    async still(url) {
      return (await contender?.still(await bitmapOf(url))) ?? {};
    },
  };
};

/** The planned and the achieved rate of each detector in one exam. */
export type ExamBudget = Record<string, { planned_hz: number | null; achieved_hz: number; ms_per_run: number | null }>;

interface ExamResult {
  tookS: number;
  longTasksMs: number[];
  budget: ExamBudget;
}

export interface BenchPage {
  /** Replaces the images. @param areMoving they are frames of a video, one after the other. */
  show(urls: readonly string[], areMoving: boolean): Promise<void>;
  /** @param areMoving the images are frames of a video, one after the other. */
  load(urls: readonly string[], areMoving: boolean): Promise<number>;
  exam(how: { frames: number; frameRateHz: number }): Promise<ExamResult>;
  run(how: { frames: number; limitMs: number }): Promise<{ frames: number }>;
  tensors(): Promise<number>;
  detectorTimesMs(pictures: number): Promise<Record<string, number[]>>;
  still(url: string): Promise<Record<string, unknown>>;
}

declare global {
  var bench: BenchPage;
}
