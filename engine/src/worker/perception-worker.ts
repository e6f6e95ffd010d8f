import * as tf from '@tensorflow/tfjs-core';
import { expose } from 'comlink';
import { loadDetectors } from '../perception/detectors.ts';
import { FramePixelReader } from '../perception/image/frame-pixels.ts';
import { checkPixels } from '../perception/image/pixel-check.ts';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { PerceptionOptions } from '../perception/options.ts';
import { PerceptionReader } from '../perception/reader.ts';
import { PerceptionError } from './perception-error.ts';
import type { CapabilityListener, EngineFacts, LoadProgress } from './perception.ts';

let reader: PerceptionReader | null = null;

const api = {
  async load(
    options: PerceptionOptions,
    onProgress: (progress: LoadProgress) => void,
    onCapability: CapabilityListener,
  ): Promise<EngineFacts> {
    const from = performance.now();
    let progress = { loadedBytes: 0, totalBytes: 0 };
    const check = await checkPixels(new FramePixelReader());
    // A browser that changes drawn images may also change what a GPU computes.
    const detectors = await loadDetectors(options, check.isDrawingFalsified, (loadedBytes, totalBytes) => {
      progress = { loadedBytes, totalBytes };
      onProgress({ ...progress, step: 'models' });
    });
    onProgress({ ...progress, step: 'warm-up' });
    reader = new PerceptionReader(detectors, options, check, onCapability);
    await reader.warmUp();
    const { choice } = detectors;
    return {
      backend: choice.backend,
      backendTimingsMs: choice.timingsMs,
      threads: choice.threads,
      capabilities: reader.capabilities,
      loadMs: performance.now() - from,
    };
  },

  async read(image: ImageBitmap | VideoFrame, atMs: number): Promise<FeatureReadings> {
    return loadedReader().read(image, atMs);
  },

  async readStill(image: ImageBitmap | VideoFrame): Promise<FeatureReadings> {
    return loadedReader().readStill(image);
  },

  /** Reads the eyes on every image, and nothing but the face; or everything again. */
  readGazeOnly(gazeOnly: boolean): void {
    loadedReader().readGazeOnly(gazeOnly);
  },

  setBudget(budget: number): void {
    loadedReader().setBudget(budget);
  },

  /** The current state of the backend. */
  memory(): { tensors: number; bytes: number } {
    const { numTensors, numBytes } = tf.memory();
    return { tensors: numTensors, bytes: numBytes };
  },
};

export type PerceptionWorkerApi = typeof api;

const loadedReader = (): PerceptionReader => {
  if (reader === null) throw new PerceptionError('not_loaded', 'The models are not loaded.');
  return reader;
};

expose(api);
