import type { FeatureReadings } from '@invigil/engine/testing/perception';
import type { ExamBudget } from './bench-page.ts';

/** One way to read a student's images. */
export interface Contender {
  /** Resolves when the first image can be read without delay. */
  load(trial: ImageBitmap): Promise<void>;
  /** Reads an image of a session, with its own defaults. It may keep, change or close the image. */
  read(image: ImageBitmap, atMs: number): Promise<void>;
  /** How long each detector took when it ran, milliseconds. */
  detectorTimesMs(pictures: readonly ImageBitmap[]): Promise<Record<string, number[]>>;
  /** The planned and achieved rates of its detectors; absent if it plans none. */
  budget?: { begin(): void; over(seconds: number): ExamBudget };
  tensors(): Promise<number>;
  /** All readings of a single image, in our terms. */
  still(image: ImageBitmap): Promise<FeatureReadings & Record<string, unknown>>;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
