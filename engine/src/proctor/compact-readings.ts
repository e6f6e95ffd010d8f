import type { Features } from '@invigil/protocol/frame';

/** Four decimals are finer than any measurement here: 0.0001 rad is 0.006°. */
const scale = 10_000;

const compactValue = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Math.round(value * scale) / scale : value;

const isInformative = (value: unknown): boolean =>
  value !== null && value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0);

/** Readings without unknown values and meaningless digits. */
export const compactReadings = (readings: Features): Features =>
  Object.fromEntries(
    Object.entries(readings)
      .filter(([, value]) => isInformative(value))
      .map(([name, value]) => [name, compactValue(value)]),
  );
