import type { io } from '@tensorflow/tfjs-core';

export type BytesListener = (loadedBytes: number, totalBytes: number) => void;

interface ModelJson {
  modelTopology: object;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  signature?: object;
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[];
}

/** Fetches graph models and counts the bytes of all of them together. */
export class ModelLoader {
  readonly #onBytes: BytesListener;
  #loadedBytes = 0;
  #totalBytes = 0;

  constructor(onBytes: BytesListener) {
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
      weightData: joined(shards),
      ...(json.signature === undefined ? {} : { signature: json.signature }),
      ...(json.format === undefined ? {} : { format: json.format }),
    };
  }

  async #fetchBytes(url: string): Promise<Uint8Array> {
    const response = await fetch(url);
    if (!response.ok || response.body === null) {
      throw new Error(`${url} answered ${response.status} ${response.statusText}`.trim());
    }
    this.#totalBytes += Number(response.headers.get('content-length') ?? 0);
    const chunks: Uint8Array[] = [];
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      this.#loadedBytes += next.value.byteLength;
      this.#onBytes(this.#loadedBytes, Math.max(this.#totalBytes, this.#loadedBytes));
    }
    return new Uint8Array(joined(chunks));
  }
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole.buffer;
}

/** The form in which TensorFlow.js takes a model that is already in memory. */
export function inMemory(artifacts: io.ModelArtifacts): io.IOHandler {
  return { load: async () => artifacts };
}
