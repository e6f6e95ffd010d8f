import { toFloat16 } from './float16.mjs';
import { mismatchError } from './install-error.mjs';
import { toGraphModel } from './tflite/graph-model.mjs';
import { compareContent, placeWeightsFile } from './weights-file.mjs';

/** @typedef {import('./manifest.mjs').Model} Model */
/** @typedef {import('./manifest.mjs').PinnedContent} PinnedContent */

/**
 * What one source has to deliver, and where it goes: a file is placed as it is; the parts of a converted model are
 * collected, and placed as converted when the last one has arrived.
 */
export class Placement {
  /** @type {string} */
  #dir;
  /** @type {Map<string, (content: Buffer) => Promise<void>>} by path in the package */
  #waiting = new Map();

  /**
   * @param {string} dir
   * @param {readonly Model[]} models those of one source of which a file is needed
   * @param {ReadonlySet<string>} needed names of files
   */
  constructor(dir, models, needed) {
    this.#dir = dir;
    for (const model of models) {
      if (model.convert !== undefined) this.#expectParts(model, model.convert.parts);
      else for (const file of model.files) if (needed.has(file.file)) this.#expectFile(file);
    }
  }

  /** Paths in the package that have not arrived. */
  get missing() {
    return [...this.#waiting.keys()];
  }

  /** @param {string} path */
  wants(path) {
    return this.#waiting.has(path);
  }

  /**
   * @param {string} path
   * @param {Buffer} content
   * @throws InstallError when it is not what the manifest pins
   */
  async arrived(path, content) {
    await this.#waiting.get(path)?.(content);
    this.#waiting.delete(path);
  }

  /** @param {import('./manifest.mjs').WeightsFile} file */
  #expectFile(file) {
    this.#waiting.set(file.path ?? file.file, (content) => placeWeightsFile(this.#dir, file, content));
  }

  /**
   * @param {Model} model
   * @param {readonly PinnedContent[]} parts
   */
  #expectParts(model, parts) {
    /** @type {(Buffer | null)[]} */
    const contents = parts.map(() => null);
    parts.forEach((part, index) => {
      this.#waiting.set(part.path, async (content) => {
        const compared = compareContent(part, content);
        if (compared.state === 'wrong') throw mismatchError(part.path, compared.expected, compared.found);
        contents[index] = content;
        const arrived = contents.filter((known) => known !== null);
        if (arrived.length === parts.length) await this.#placeConverted(model, arrived);
      });
    });
  }

  /**
   * @param {Model} model
   * @param {readonly Buffer[]} contents
   */
  async #placeConverted(model, [first, ...rest]) {
    const [jsonFile, binFile] = model.files;
    if (first === undefined || jsonFile === undefined || binFile === undefined) return;
    const { json, bin } =
      model.convert?.to === 'float16'
        ? toFloat16(first, rest, binFile.file)
        : toGraphModel(first.subarray(...(model.convert?.slice ?? [])), binFile.file);
    await placeWeightsFile(this.#dir, jsonFile, json);
    await placeWeightsFile(this.#dir, binFile, bin);
  }
}
