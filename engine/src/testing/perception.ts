/** Perception parts for this repository's own measurements. Not published. */
export type { FeatureReadings } from '../perception/readings/feature-readings.ts';
export { FramePixelReader } from '../perception/image/frame-pixels.ts';
export type { FrameImage } from '../perception/image/frame-image.ts';
export { allowInt32MatMulOnWasm } from '../perception/models/batch-mat-mul.ts';
export type { EngineFacts } from '../worker/perception.ts';
export { createPerception } from '../worker/perception-client.ts';
export { overlapOfSmaller } from '../perception/geometry/landmark.ts';
export type { BoxPx } from '../perception/geometry/landmark.ts';
export { chooseBackend } from '../perception/models/backend.ts';
export { Int16Convolutions } from '../perception/models/int16/int16-convolutions.ts';
export { ModelCache } from '../perception/models/model-cache.ts';
export { ModelLoader } from '../perception/models/model-loader.ts';
export { PhoneDetector } from '../perception/objects/phone-detector.ts';
export type { DetectedPhone } from '../perception/objects/phone-detector.ts';
export { FaceModels, nextRegion } from '../perception/faces/face-models.ts';
export { defaultHorizontalFovDeg, estimateHeadPose } from '../perception/faces/head-pose.ts';
export { estimateGaze } from '../perception/gaze/gaze.ts';
export { lidHeight } from '../perception/gaze/lid-angle.ts';
