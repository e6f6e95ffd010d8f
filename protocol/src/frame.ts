/** Feature frames: the numbers read from webcam frames, how they are validated, identified and hashed. */
export { gazeDirections } from './frame/feature-vocabulary.ts';
export type { GazeDirection, HeadPose, ReadingGroup, UnknownReason } from './frame/feature-vocabulary.ts';
export { FeatureFrameSchema, isObserved, notObservedReason } from './frame/feature-frame.ts';
export type { FeatureFrame, Features, StoredFrame } from './frame/feature-frame.ts';
export { IdSchema, isId } from './frame/identifier.ts';
export { linkText, sentText, startChain } from './frame/chain.ts';
export type { ChainLink, ChainState } from './frame/chain.ts';
export { limits } from './frame/limits.ts';
export {
  emptyMinute,
  mergeMinutes,
  minuteCells,
  minuteFromText,
  minuteSeconds,
  stepMinute,
} from './frame/recent-minute.ts';
export type { MinuteCell, RecentMinute } from './frame/recent-minute.ts';
export type { Calibration } from './frame/calibration.ts';
export type { TypeEquals } from './frame/type-equals.ts';
