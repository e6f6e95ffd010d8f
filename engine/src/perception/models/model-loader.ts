import type { io } from '@tensorflow/tfjs-core';
import { joined } from './joined-bytes.ts';
import type { ModelCache } from './model-cache.ts';

export type BytesListener = (loadedBytes: number, totalBytes: number) => void;

interface ModelJson {
  modelTopology: object;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  signature?: object;
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
}

/** Fetches graph models, from the device's cache if possible, and counts the bytes of all of them together. */
export class ModelLoader {
  readonly #onBytes: BytesListener;
  readonly #cache: ModelCache;
  #loadedBytes = 0;
  #totalBytes = 0;

  constructor(cache: ModelCache, onBytes: BytesListener) {
    this.#cache = cache;
    this.#onBytes = onBytes;
  }

  /** @param url of the model's JSON; the weight files lie beside it. */
  async fetch(url: string): Promise<io.ModelArtifacts> {
    const jsonBytes = await this.#fetchBytes(url);
    const json = JSON.parse(new TextDecoder().decode(jsonBytes)) as ModelJson;
    const paths = json.weightsManifest.flatMap((group) => group.paths);
    const shards = await Promise.all(paths.map((path) => this.#fetchBytes(new URL(path, url).href)));
    return {
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
      weightData: joined(shards).buffer,
      ...(json.signature === undefined ? {} : { signature: json.signature }),
      ...(json.format === undefined ? {} : { format: json.format }),
    };
  }

  #fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#cache.fetch(url, {
      onTotal: (bytes) => (this.#totalBytes += bytes),
      onBytes: (bytes) => {
        this.#loadedBytes += bytes;
        this.#onBytes(this.#loadedBytes, Math.max(this.#totalBytes, this.#loadedBytes));
      },
    });
  }
}

/** The form in which TensorFlow.js takes a model that is already in memory. */
export const inMemory = (artifacts: io.ModelArtifacts): io.IOHandler => ({ load: async () => artifacts });
