import { chooseBackend } from './models/backend.ts';
import type { BackendChoice } from './models/backend.ts';
import { installDepthwiseConvolutions } from './models/depthwise/depthwise-convolutions.ts';
import { FaceModels } from './faces/face-models.ts';
import { HandDetector } from './objects/hand-detector.ts';
import { Int16Convolutions } from './models/int16/int16-convolutions.ts';
import { ModelCache } from './models/model-cache.ts';
import { ModelLoader } from './models/model-loader.ts';
import type { BytesListener } from './models/model-loader.ts';
import type { ModelUrls, PerceptionOptions } from './options.ts';
import { PhoneDetector } from './objects/phone-detector.ts';

type Loaded<T> = { available: true; detector: T } | { available: false; reason: string };

/**
 * All models of one worker. A phone or hand detector that cannot be loaded is reported as missing; without the face
 * models nothing works.
 */
export interface Detectors {
  faces: FaceModels;
  phones: Loaded<PhoneDetector>;
  hands: Loaded<HandDetector>;
  choice: BackendChoice;
}

const files: Record<Exclude<keyof ModelUrls, 'cocoSsdModelUrl'>, string> = {
  faceDetector: 'facemesh-detection-short.json',
  faceDetectorFull: 'face-detection-full.json',
  faceMesh: 'facemesh.json',
  faceMeshWithIrises: 'facemesh-attention.json',
  suspects: 'coco-ssd.json',
  objects: 'nanodet.json',
  palmDetector: 'palm-detection-full.json',
  handLandmarks: 'handlandmark-lite.json',
};

/** Null on insecure pages, and in frames without access to storage. */
const cacheStorage = (): CacheStorage | null => {
  try {
    return 'caches' in globalThis && 'crypto' in globalThis && 'subtle' in crypto ? caches : null;
  } catch {
    return null;
  }
};

/** @param options with an absolute `modelsUrl`. @param prefersWasm see `chooseBackend` */
export const loadDetectors = async (
  options: PerceptionOptions,
  prefersWasm: boolean,
  onBytes: BytesListener,
): Promise<Detectors> => {
  const cache = await ModelCache.open(options.modelsUrl, {
    fetch: (url, init) => fetch(url, init),
    storage: cacheStorage(),
  });
  const loader = new ModelLoader(cache, onBytes);
  const urlOf = (name: keyof typeof files): string =>
    new URL(options.models?.[name] ?? files[name], options.modelsUrl).href;
  const fetched = (name: keyof typeof files) => loader.fetch(urlOf(name));

  const faces = Promise.all([
    fetched('faceDetector'),
    fetched('faceDetectorFull'),
    fetched('faceMesh'),
    fetched('faceMeshWithIrises'),
  ]);
  const suspects = settled(loader.fetch(options.models?.cocoSsdModelUrl ?? urlOf('suspects')));
  const objects = settled(fetched('objects'));
  const hands = settled(Promise.all([fetched('palmDetector'), fetched('handLandmarks')]));

  const [shortRange, fullRange, mesh, meshWithIrises] = await faces;
  const choice = await chooseBackend(options.backend, mesh, prefersWasm);
  const int16 = await Int16Convolutions.install();
  await installDepthwiseConvolutions();
  return {
    choice,
    faces: await FaceModels.load({ shortRange, fullRange, mesh, meshWithIrises }),
    phones: await loaded(async () => PhoneDetector.load(unwrapped(await suspects), unwrapped(await objects), int16)),
    hands: await loaded(async () => HandDetector.load(...unwrapped(await hands))),
  };
};

type Settled<T> = { value: T } | { error: unknown };

/** Holds a download's failure until it is awaited, so that it is not reported as unhandled in the meantime. */
const settled = <T>(download: Promise<T>): Promise<Settled<T>> =>
  download.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

const unwrapped = <T>(result: Settled<T>): T => {
  if ('error' in result) throw result.error;
  return result.value;
};

const loaded = async <T>(load: () => Promise<T>): Promise<Loaded<T>> => {
  try {
    return { available: true, detector: await load() };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
};
