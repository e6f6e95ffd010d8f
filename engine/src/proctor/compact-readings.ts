import type { FeatureReadings } from '../perception/feature-readings.ts';

/** Four decimals are finer than anything that is measured: 0.0001 rad are 0.006°. */
const scale = 10_000;

const compactValue = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * scale) / scale : value;

const isSaying = (value: unknown): boolean =>
  value !== null && value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0);

/** The readings without what is unknown anyway and without digits that mean nothing, so that a frame stays small on the wire. */
export const compactReadings = (readings: FeatureReadings): FeatureReadings =>
  Object.fromEntries(
    Object.entries(readings)
      .filter(([, value]) => isSaying(value))
      .map(([name, value]) => [name, compactValue(value)]),
  );
