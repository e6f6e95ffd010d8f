import type { BackendName } from './models/backend-name.ts';

/** Addresses of your own weights; omitted ones come from `modelsUrl`. */
export interface ModelUrls {
  /** Short-range face detector of the face-landmarks-detection package. */
  faceDetector?: string;
  /** Full-range face detector, which searches for faces that are not tracked yet. */
  faceDetectorFull?: string;
  /** 468-point mesh. */
  faceMesh?: string;
  /** 478-point mesh with irises. */
  faceMeshWithIrises?: string;
  /** coco-ssd, which finds possible phones. */
  suspects?: string;
  /**
   * The same weights, under the name that the coco-ssd package uses. Only the graph of `lite_mobilenet_v2` can be run.
   */
  cocoSsdModelUrl?: string;
  /** NanoDet, which examines a possible phone from close up. */
  objects?: string;
  palmDetector?: string;
  handLandmarks?: string;
}

export interface PerceptionOptions {
  /** Base address of the model files, ending in a slash. Default '/models/'. */
  modelsUrl: string;
  /** 'auto' uses the one that was fastest when timed. Default 'auto'. */
  backend: 'auto' | BackendName;
  models?: ModelUrls;
  /** Maximum number of faces to count, 1–8. Default 4. */
  maxFaces: number;
  /** Share of one processor core that image analysis may use, 0.05–1. Default 0.35. */
  budget: number;
  /**
   * Frames a second of a stream: phone and hand searches that would take longer than one frame are spread over several.
   * Without it, each search is finished on its own image, and the budget is planned for 5.
   */
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
