import { toFloat16 } from './float16.ts';
import { mismatchError } from './install-error.ts';
import { toGraphModel } from './tflite/graph-model.ts';
import { compareContent, placeWeightsFile } from './weights-file.ts';
import type { Model, PinnedContent, WeightsFile } from './manifest.ts';

/**
 * The files that one source must deliver, and their destinations: a file is placed unchanged; the parts of a converted
 * model are collected, and placed as converted when the last one has arrived.
 */
export class Placement {
  #dir: string;
  /** by path in the package */
  #waiting: Map<string, (content: Buffer) => Promise<void>> = new Map();

  /**
   * @param models those of one source of which a file is needed
   * @param needed names of files
   */
  constructor(dir: string, models: readonly Model[], needed: ReadonlySet<string>) {
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

  wants(path: string) {
    return this.#waiting.has(path);
  }

  /** @throws InstallError if it does not match the manifest */
  async arrived(path: string, content: Buffer) {
    await this.#waiting.get(path)?.(content);
    this.#waiting.delete(path);
  }

  #expectFile(file: WeightsFile) {
    this.#waiting.set(file.path ?? file.file, (content) => placeWeightsFile(this.#dir, file, content));
  }

  #expectParts(model: Model, parts: readonly PinnedContent[]) {
    const contents: (Buffer | null)[] = parts.map(() => null);
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

  async #placeConverted(model: Model, [first, ...rest]: readonly Buffer[]) {
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
