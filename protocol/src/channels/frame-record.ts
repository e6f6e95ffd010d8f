import { limits } from '../frame/limits.ts';
import type { Problem } from './problem.ts';

/** Whether a value parsed from JSON is an object, and neither null nor an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Counts fields without building an array and stops at the limit, so that a hostile object costs no more. */
export const hasTooManyFields = (record: Record<string, unknown>): boolean => {
  let fields = 0;
  for (const _ in record) if (++fields > limits.frameFields) return true;
  return false;
};

export const tooManyFields: Problem = {
  code: 'TOO_MANY_FIELDS',
  message: `a frame may have at most ${limits.frameFields} fields`,
};
