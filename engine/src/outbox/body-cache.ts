import { utf8Bytes } from './utf8-bytes.ts';

/** Frame bodies in memory, in the order of their numbers, with their size. */
export class BodyCache {
  readonly #bodies = new Map<number, string>();
  #bytes = 0;

  has(seq: number): boolean {
    return this.#bodies.has(seq);
  }

  get(seq: number): string | undefined {
    return this.#bodies.get(seq);
  }

  set(seq: number, json: string): void {
    this.delete(seq);
    this.#bodies.set(seq, json);
    this.#bytes += utf8Bytes(json);
  }

  delete(seq: number): void {
    this.#bytes -= utf8Bytes(this.#bodies.get(seq) ?? '');
    this.#bodies.delete(seq);
  }

  /** Lets the oldest go, of those that may, until the rest is no larger than that. */
  shrink(maxBytes: number, mayGo: (seq: number) => boolean): void {
    for (const seq of this.#bodies.keys()) {
      if (this.#bytes <= maxBytes) return;
      if (mayGo(seq)) this.delete(seq);
    }
  }

  newestFirst(): [seq: number, json: string][] {
    return [...this.#bodies].toReversed();
  }
}
