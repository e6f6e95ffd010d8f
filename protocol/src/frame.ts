export * from './frame/feature-frame.ts';
export * from './frame/identifier.ts';
export * from './frame/chain.ts';
export * from './frame/limits.ts';
export * from './frame/calibration.ts';
export type { TypeEquals } from './frame/type-equals.ts';
