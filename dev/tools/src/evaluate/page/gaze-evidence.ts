import {
  chooseBackend,
  defaultHorizontalFovDeg,
  estimateGaze,
  estimateHeadPose,
  FaceModels,
  FramePixelReader,
  lidHeight,
  ModelCache,
  ModelLoader,
  nextRegion,
} from '@invigil/engine/testing/perception';

/** Vertical angle of the eyes in the head by the irises, and the mean height of the upper lids in eye widths. */
interface GazeEvidence {
  eyePitchRad: number;
  lidHeight: number;
}

declare global {
  interface Window {
    loadFaces(): Promise<void>;
    /** Of the largest face; null if none is found. */
    gazeEvidence(url: string): Promise<GazeEvidence | null>;
  }
}

const minFaceScore = 0.5;
let faces: FaceModels | null = null;

window.loadFaces = async () => {
  const cache = await ModelCache.open(new URL('/models/', location.href).href, {
    fetch: (url, init) => fetch(url, init),
    storage: null,
  });
  const loader = new ModelLoader(cache, () => {});
  const fetched = (name: string) => loader.fetch(new URL(`/models/${name}.json`, location.href).href);
  await chooseBackend('wasm', await fetched('facemesh'));
  faces = await FaceModels.load({
    shortRange: await fetched('facemesh-detection-short'),
    fullRange: await fetched('face-detection-full'),
    mesh: await fetched('facemesh'),
    meshWithIrises: await fetched('facemesh-attention'),
  });
};

window.gazeEvidence = async (url) => {
  if (faces === null) throw new Error('The models are not loaded.');
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  try {
    const { image, width, height } = await new FramePixelReader().read(bitmap);
    const square = { centerX: width / 2, centerY: height / 2, sidePx: Math.max(width, height), rotationRad: 0 };
    const found = await faces.detect(image, square, 'short', minFaceScore);
    const [largest] = found.toSorted((a, b) => b.box.width - a.box.width);
    if (largest === undefined) return null;
    const first = await faces.mesh(image, largest.region, false);
    const mesh = first && (await faces.mesh(image, nextRegion(first.landmarks), true));
    if (mesh === null) return null;
    const pose = estimateHeadPose(mesh.landmarks, image);
    const gaze = estimateGaze(mesh.landmarks, pose, image, defaultHorizontalFovDeg);
    const lids = lidHeight(mesh.landmarks);
    return gaze === null || lids === null ? null : { eyePitchRad: gaze.eyePitchRad, lidHeight: lids };
  } finally {
    bitmap.close();
  }
};
