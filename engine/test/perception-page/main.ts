// oxlint-disable-next-line import/default -- Vite gives such an import its default.
import workerUrl from '../../src/worker/perception-worker.ts?worker&url';
import type { ModelUrls } from '../../src/perception/options.ts';
import type { FeatureReadings } from '../../src/perception/readings/feature-readings.ts';
import { createPerception } from '../../src/worker/perception-client.ts';
import { defaultWatchdogLimits } from '../../src/worker/watchdog-limits.ts';
import { PerceptionError } from '../../src/worker/perception-error.ts';

/** The real worker, with a switch that makes it hang or crash. */
const workers: Worker[] = [];
const createWorker = (): Worker => {
  const source = `import ${JSON.stringify(new URL(workerUrl, location.href).href)};
    addEventListener('message', ({ data }) => {
      if (data === 'hang') for (;;);
      if (data === 'crash') setTimeout(() => { throw new Error('made to crash'); });
    });`;
  const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), { type: 'module' });
  workers.push(worker);
  return worker;
};

const perception = createPerception(
  { modelsUrl: '/models/' },
  {
    createWorker,
    limits: {
      ...defaultWatchdogLimits,
      firstReadsMs: 15_000,
      readMs: Number(new URLSearchParams(location.search).get('readMs') ?? 3000),
    },
  },
);

const pictureOf = async (url: string): Promise<ImageBitmap> => createImageBitmap(await (await fetch(url)).blob());

/** The image in a webcam's frame, moved slightly, as a student would. */
const framed = (picture: ImageBitmap, index: number): ImageBitmap => {
  const canvas = new OffscreenCanvas(640, 480);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const side = 700;
  context.drawImage(picture, 20 + 6 * Math.sin(index / 5), -20 + 4 * Math.cos(index / 7), side, side);
  return canvas.transferToImageBitmap();
};

/** Time on the stream's own clock, which never goes back. */
let streamed = 0;

/** Number of images drawn in advance: with a real camera, the page draws none. */
const movements = 40;

const drawnByUrl = new Map<string, VideoFrame[]>();

const draw = async (url: string): Promise<VideoFrame[]> => {
  const picture = await pictureOf(url);
  return Array.from({ length: movements }, (_, index) => {
    const bitmap = framed(picture, index);
    const frame = new VideoFrame(bitmap, { timestamp: index });
    bitmap.close();
    return frame;
  });
};

const stream = async (url: string, frames: number, stepMs: number): Promise<FeatureReadings[]> => {
  const drawn = drawnByUrl.get(url) ?? (await draw(url));
  drawnByUrl.set(url, drawn);
  const readings: FeatureReadings[] = [];
  for (let sent = 0; sent < frames; sent++) {
    const image = drawn[sent % movements]?.clone();
    if (image === undefined) throw new Error('no picture');
    readings.push(await perception.read(image, (streamed += stepMs)));
  }
  return readings;
};

/** The result of one reading after a message to the worker. */
const readAfter = async (
  message: 'hang' | 'crash',
  url: string,
): Promise<{ reason: string; events: string[]; gapMs: number }> => {
  const events: string[] = [];
  const gap = new Promise<number>((resolve) => {
    perception.on('gap', ({ reason, fromMs, toMs }) => {
      events.push(`gap ${reason}`);
      resolve(toMs - fromMs);
    });
  });
  perception.on('error', ({ error, fatal }) => events.push(`error ${error.message} ${fatal}`));
  workers.at(-1)?.postMessage(message);
  const reason = await perception.readStill(await pictureOf(url)).then(
    () => 'none',
    (error: unknown) => (error instanceof PerceptionError ? error.reason : String(error)),
  );
  return { reason, events, gapMs: await gap };
};

/** The real worker in a browser that misbehaves: `source` runs before it is asked for anything. */
const misbehaving = (source: string): Worker => {
  const start = `import ${JSON.stringify(new URL(workerUrl, location.href).href)};\n${source}`;
  return new Worker(URL.createObjectURL(new Blob([start], { type: 'text/javascript' })), { type: 'module' });
};

/** Variants of a browser that returns white for every pixel that is read from a canvas. */
const browsers = {
  copies: '',
  draws: 'delete self.VideoFrame;',
  // The kernel has memory for the check's small pattern, but not for a frame, which is then sampled through a canvas.
  copiesWithoutMemory: `
    const grow = WebAssembly.Memory.prototype.grow;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (this.buffer.byteLength < 1e6) throw new RangeError('no memory');
      return grow.call(this, pages);
    };`,
};

/** A browser that returns white for every pixel that is read from a canvas. */
const whitePixels = `
  const prototype = OffscreenCanvasRenderingContext2D.prototype;
  const original = prototype.getImageData;
  prototype.getImageData = function (...values) {
    const image = original.apply(this, values);
    image.data.fill(255);
    return image;
  };`;

/** A worker that repeats its first reading of a face, whatever the image shows. */
const repeatedReading = `
  const post = self.postMessage.bind(self);
  let first;
  self.postMessage = (message, ...rest) => {
    if (message?.value?.face_present !== 1) return post(message, ...rest);
    first ??= message.value;
    return post({ ...message, value: first }, ...rest);
  };`;

const stillFalsified = async (url: string, browser: keyof typeof browsers) => {
  const source = browsers[browser] + whitePixels;
  const other = createPerception({ modelsUrl: '/models/' }, { createWorker: () => misbehaving(source) });
  try {
    const { capabilities } = await other.load(() => {});
    return { capabilities, readings: await other.readStill(await pictureOf(url)) };
  } finally {
    other.close();
  }
};

/** @returns the number of readings until the worker was replaced, why, and a reading by the new one. */
const readStuck = async (url: string, most: number) => {
  const sources = [repeatedReading];
  const other = createPerception({ modelsUrl: '/models/' }, { createWorker: () => misbehaving(sources.shift() ?? '') });
  const gap = new Promise<string>((resolve) => other.on('gap', ({ reason }) => resolve(reason)));
  try {
    await other.load(() => {});
    const picture = await pictureOf(url);
    let read = 0;
    const readNext = () => other.read(framed(picture, read), 200 * (read + 1));
    // A reading fails while the worker is being replaced.
    const isRead = () =>
      readNext().then(
        () => true,
        () => false,
      );
    while (read < most && (await isRead())) read += 1;
    const reason = read === most ? 'none' : await gap;
    return { read, reason, after: await readNext() };
  } finally {
    other.close();
  }
};

/** A separate worker, with other weights, on one image. */
const stillWith = async (models: ModelUrls, url: string) => {
  const other = createPerception({ modelsUrl: '/models/', models });
  try {
    const { capabilities } = await other.load(() => {});
    const tensors: number[] = [];
    let readings: FeatureReadings = {};
    for (let i = 0; i < 3; i++) {
      readings = await other.readStill(await pictureOf(url));
      tensors.push((await other.memory()).tensors);
    }
    return { capabilities, readings, tensors };
  } finally {
    other.close();
  }
};

const page = {
  load: () => perception.load(() => {}),
  still: async (url: string) => perception.readStill(await pictureOf(url)),
  memory: () => perception.memory(),
  stream,
  stillWith,
  stillFalsified,
  readStuck,
  readAfter,
};

export type PerceptionPage = typeof page;

declare global {
  var perceptionPage: PerceptionPage;
}
globalThis.perceptionPage = page;
