export { createProctor } from './proctor/create-proctor.ts';
export { deliverPending } from './proctor/deliver-pending.ts';
export { defaultProctorOptions } from './proctor/options.ts';
export type { Guidance, ProctorMessage } from './proctor/guidance.ts';
export type { TokenSource } from './connection/token-source.ts';
export type { ProctorOptions } from './proctor/options.ts';
export type { Proctor, ProctorEvents, StartOptions } from './proctor/proctor.ts';
export type { CameraChoice, Cameras } from './camera/camera-list.ts';
export type { CameraKind } from './camera/camera-kind.ts';
export type { CameraState } from './camera/camera-state.ts';
export type { StopResult } from './connection/stop-result.ts';
export type { ClosedReason, ProctorState } from './proctor/state.ts';
export type { Lack, MissingPart } from './proctor/missing-part.ts';
export { ProctorError, proctorFailures } from './errors/proctor-error.ts';
export type { ProctorFailure } from './errors/proctor-error.ts';
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
export type { PictureState } from './thumbnails/thumbnail-state.ts';
export type { BackendName } from './perception/models/backend-name.ts';
export type { ModelUrls } from './perception/options.ts';
export type { Capability, EngineFacts, LoadProgress } from './worker/perception.ts';
