import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { Capability } from '../perception/pacing/cached-detection.ts';
import type { BackendName } from '../perception/models/backend-name.ts';
import type { CapabilityListener } from '../perception/reader.ts';

export interface LoadProgress {
  loadedBytes: number;
  totalBytes: number;
  /** The current step, as a short phrase for people ("phone detector"). */
  step: string;
}

/** What the engine found out about the device while it loaded. */
export interface EngineFacts {
  backend: BackendName;
  /** Median milliseconds of one face reading on each backend that was tried; null if it could not be used. */
  backendTimingsMs: Partial<Record<BackendName, number | null>>;
  /** Threads that the wasm backend uses; 1 unless the page is cross-origin isolated. */
  threads: number;
  capabilities: { face: Capability; phone: Capability; hands: Capability };
  loadMs: number;
}

/** A period in which nothing could be read. */
export interface PerceptionGap {
  reason: 'worker_hung' | 'worker_crashed';
  fromMs: number;
  toMs: number;
}

export interface PerceptionEvents {
  /** The worker was lost and works again: nothing was read between the two times. */
  gap: PerceptionGap;
  restarted: { attempt: number };
  /** A detector failed, or works again. The others continue; it is retried whenever it is due. */
  capability: { detector: 'phone' | 'hands'; capability: Capability };
  /** A worker that could not be restarted, or an image that could not be read. Final when `fatal`. */
  error: { error: Error; fatal: boolean };
}

export interface Perception {
  /** Starts the worker, loads the models and warms them up. Rejects with a `PerceptionError`. */
  load(onProgress: (progress: LoadProgress) => void): Promise<EngineFacts>;
  /**
   * Reads one image and takes ownership of it (the image is transferred and closed).
   * @param atMs when the image was taken, on a clock that never goes back. Rejects with a `PerceptionError` whose
   * reason is `busy` if a reading is in progress.
   */
  read(image: ImageBitmap | VideoFrame, atMs: number): Promise<FeatureReadings>;
  /**
   * During gaze calibration, reads the eyes on every image, and nothing but the face; a replaced worker reads
   * everything.
   */
  readGazeOnly(gazeOnly: boolean): Promise<void>;
  /** @param budget share of one core that image analysis may use from now on, even in a replaced worker. */
  setBudget(budget: number): Promise<void>;
  on<E extends keyof PerceptionEvents>(event: E, listener: (detail: PerceptionEvents[E]) => void): () => void;
  close(): void;
}

export type { Capability, CapabilityListener };
