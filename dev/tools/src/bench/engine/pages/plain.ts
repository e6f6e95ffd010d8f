import { ObjectDetection } from '@tensorflow-models/coco-ssd';
import { createDetector, SupportedModels } from '@tensorflow-models/face-landmarks-detection';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { allowInt32MatMulOnWasm } from '@invigil/engine/testing/perception';
import { expose } from './bench-page.ts';

/** The loop of the packages' own examples, on the page's own thread: faces with irises, then objects, for each frame. */
type FaceDetector = Awaited<ReturnType<typeof createDetector>>;
let faces: FaceDetector | null = null;
let objects: ObjectDetection | null = null;
const times = { face: [] as number[], object: [] as number[] };

/** The official weights, as the package loads them. */
const loadObjects = async (): Promise<ObjectDetection> => {
  const modelUrl = new URLSearchParams(location.search).get('coco') ?? '/models/coco-ssd.json';
  const detection = new ObjectDetection('lite_mobilenet_v2', modelUrl);
  await detection.load();
  return detection;
};

/** Side of the square that the loop hands to the detector. */
const objectsSidePx = 416;

const timed = async <Result>(list: number[], work: () => Promise<Result>): Promise<Result> => {
  const fromMs = performance.now();
  const result = await work();
  list.push(performance.now() - fromMs);
  return result;
};

const detectObjects = async (image: ImageBitmap) => {
  const canvas = new OffscreenCanvas(objectsSidePx, objectsSidePx);
  canvas.getContext('2d')?.drawImage(image, 0, 0, objectsSidePx, objectsSidePx);
  const pixels = tf.browser.fromPixels(canvas.getContext('2d')!.getImageData(0, 0, objectsSidePx, objectsSidePx));
  return (await objects?.detect(pixels, 5, 0.4).finally(() => pixels.dispose())) ?? [];
};

const readBoth = async (image: ImageBitmap) => {
  const found = await timed(times.face, async () => faces?.estimateFaces(image) ?? []);
  const things = await timed(times.object, () => detectObjects(image));
  image.close();
  return { found, things };
};

expose({
  async load(trial) {
    setWasmPaths('/wasm/');
    await tf.setBackend('wasm');
    allowInt32MatMulOnWasm();
    faces = await createDetector(SupportedModels.MediaPipeFaceMesh, {
      runtime: 'tfjs',
      maxFaces: 4,
      refineLandmarks: true,
      detectorModelUrl: '/models/facemesh-detection-short.json',
      landmarkModelUrl: '/models/facemesh-attention.json',
    });
    objects = await loadObjects();
    await readBoth(trial);
    times.face = [];
    times.object = [];
  },
  async read(image) {
    await readBoth(image);
  },
  async detectorTimesMs(pictures) {
    for (const picture of pictures) picture.close();
    return times;
  },
  tensors: async () => tf.memory().numTensors,
  async still(image) {
    faces?.reset();
    const { found, things } = await readBoth(image);
    const phones = things.filter((thing) => thing.class === 'cell phone').map(({ score }) => score);
    return {
      no_of_face: found.length,
      phone_present: phones.length > 0 ? 1 : 0,
      phone_conf: 100 * Math.max(0, ...phones),
    };
  },
});
