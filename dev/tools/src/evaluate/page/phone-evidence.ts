import {
  chooseBackend,
  FramePixelReader,
  Int16Convolutions,
  ModelCache,
  ModelLoader,
  overlapOfSmaller,
  PhoneDetector,
} from '@invigil/engine/testing/perception';
import type { BoxPx, DetectedPhone, FrameImage } from '@invigil/engine/testing/perception';

/** A suspect, and the best close-up score at its place in each rotation; 0 for none. */
interface Evidence extends DetectedPhone {
  upright: number;
  turned: number;
}

declare global {
  interface Window {
    loadPhones(): Promise<void>;
    /** Every suspect of an image, not only those that the engine would examine. */
    phoneEvidence(url: string): Promise<{ width: number; height: number; evidence: Evidence[] }>;
  }
}

const quarter = Math.PI / 2;
const mostSuspects = 2;
let detector: PhoneDetector | null = null;

window.loadPhones = async () => {
  const cache = await ModelCache.open(new URL('/models/', location.href).href, {
    fetch: (url, init) => fetch(url, init),
    storage: null,
  });
  const loader = new ModelLoader(cache, () => {});
  const fetched = (name: string) => loader.fetch(new URL(`/models/${name}.json`, location.href).href);
  await chooseBackend('wasm', await fetched('facemesh'));
  const int16 = await Int16Convolutions.install();
  detector = await PhoneDetector.load(await fetched('coco-ssd'), await fetched('nanodet'), int16);
};

window.phoneEvidence = async (url) => {
  if (detector === null) throw new Error('The models are not loaded.');
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const { image, width, height } = await new FramePixelReader().read(bitmap);
  bitmap.close();
  const suspects = (await detector.suspects(image, 0)).slice(0, mostSuspects);
  const evidence: Evidence[] = [];
  for (const [index, suspect] of suspects.entries()) {
    const upright = await lookAt(detector, image, suspect.box, 0);
    const turned = index === 0 ? await lookAt(detector, image, suspect.box, quarter) : 0;
    evidence.push({ ...suspect, upright, turned });
  }
  return { width, height, evidence };
};

const lookAt = async (phones: PhoneDetector, image: FrameImage, box: BoxPx, rotationRad: number): Promise<number> => {
  const found = await phones.inSquare(image, {
    centerX: box.x + box.width / 2,
    centerY: box.y + box.height / 2,
    sidePx: Math.max(box.width, box.height) * 1.7,
    rotationRad,
  });
  return found.find((phone) => overlapOfSmaller(phone.box, box) > 0.2)?.score ?? 0;
};
