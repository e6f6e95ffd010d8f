import type { FeatureReadings } from '@invigil/engine/testing/perception';
import type { ExamBudget } from './bench-page.ts';

/** One way to read a student's pictures. */
export interface Contender {
  /** Resolves when the first picture can be read without delay. */
  load(trial: ImageBitmap): Promise<void>;
  /** Reads a picture of a sitting, as its own defaults say. It may keep, change or close the picture. */
  read(image: ImageBitmap, atMs: number): Promise<void>;
  /** How long each detector took when it ran, milliseconds. */
  detectorTimesMs(pictures: readonly ImageBitmap[]): Promise<Record<string, number[]>>;
  /** What its detectors are planned to do and do in an exam; absent where it plans nothing. */
  budget?: { begin(): void; over(seconds: number): ExamBudget };
  tensors(): Promise<number>;
  /** Everything that it can say of one picture by itself, in our words. */
  still(image: ImageBitmap): Promise<FeatureReadings & Record<string, unknown>>;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
