import type { BackendName } from './models/backend-name.ts';

/** Addresses of own weights; what is left out comes from `modelsUrl`. */
export interface ModelUrls {
  faceDetector?: string;
  /** Full-range face detector, which searches for faces that are not followed yet. */
  faceDetectorFull?: string;
  /** 468-point mesh. */
  faceMesh?: string;
  /** 478-point mesh with irises. */
  faceMeshWithIrises?: string;
  /** coco-ssd, which finds what may be a phone. */
  suspects?: string;
  /** The same, under the name that the coco-ssd package gives it. Only the graph of `lite_mobilenet_v2` can be run. */
  cocoSsdModelUrl?: string;
  /** NanoDet, which looks at a suspect from close by. */
  objects?: string;
  palmDetector?: string;
  handLandmarks?: string;
}

export interface PerceptionOptions {
  /** Base address of the model files, ending in a slash. Default '/models/'. */
  modelsUrl: string;
  /** 'auto' takes the one that was fastest when timed. Default 'auto'. */
  backend: 'auto' | BackendName;
  models?: ModelUrls;
  /** Faces that are counted at most, 1–8. Default 4. */
  maxFaces: number;
  /** Share of one processor core that reading may take, 0.05–1. Default 0.35. */
  budget: number;
  /** Frames a second that are wanted, for planning what the budget has room for. Default 5. */
  frameRateHz?: number;
  /** Horizontal field of view of the camera in degrees, for head pose. Default 63. */
  horizontalFovDeg?: number;
}

export const defaultPerceptionOptions: PerceptionOptions = {
  modelsUrl: '/models/',
  backend: 'auto',
  maxFaces: 4,
  budget: 0.35,
};
