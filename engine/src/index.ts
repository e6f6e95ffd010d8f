export { createProctor } from './proctor/create-proctor.ts';
export { DEFAULT_PROCTOR_OPTIONS } from './proctor/options.ts';
export type { Guidance, ProctorMessage } from './proctor/guidance.ts';
export type { ProctorOptions, TokenSource } from './proctor/options.ts';
export type { Proctor, ProctorEvents } from './proctor/proctor.ts';
export type { CameraState, ClosedReason, ProctorState, StopResult } from './proctor/state.ts';
export { ProctorError, PROCTOR_FAILURES } from './proctor/errors.ts';
export type { ProctorFailure } from './proctor/errors.ts';
export type {
  ConnectionState,
  DeliveryState,
  EndedReason,
  TransportName,
  WaitingReason,
} from './connection/delivery-state.ts';
export type { Features as FeatureReadings } from '@invigil/protocol/frame';
export type { CalibrateOptions } from './calibration/calibrate.ts';
export type { CalibrationShortcoming, CalibrationState } from './calibration/calibration-state.ts';
export type { OwnCalibrationTexts } from './calibration/calibration-texts.ts';
export type { ExamArea, ExamAreaSource } from './calibration/exam-area.ts';
export type { PictureState } from './thumbnails/picture-state.ts';
export type { BackendName, ModelUrls } from './perception/options.ts';
export type { Capability, EngineFacts, LoadProgress } from './worker/perception.ts';
