/** Camera and delivery parts that need a browser, for this repository's own tests and tools. Not published. */
export { Camera } from '../camera/camera.ts';
export { openCamera } from '../camera/open-camera.ts';
export { TrackFrameSource } from '../camera/track-frame-source.ts';
export { VideoFrameSource } from '../camera/video-frame-source.ts';
export { Delivery } from '../connection/delivery.ts';
export type { DeliveryState } from '../connection/delivery-state.ts';
export { assembleFrame } from '../proctor/assemble-frame.ts';
export { resolveOptions } from '../proctor/options.ts';
export type { ProctorOptions } from '../proctor/options.ts';
export { createWorkerTimers } from '../timing/worker-timers.ts';
