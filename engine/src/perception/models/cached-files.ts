import { DeadlineError, withDeadline } from '../../timing/deadline.ts';

const answerTimeoutMs = 3000;

/**
 * Files in Cache Storage. A call that fails, or gives no answer, counts as an empty cache; after one without an answer, the cache is
 * not used again, so that a broken disk costs seconds and not minutes.
 */
export class CachedFiles {
  readonly #cache: Cache;
  #isHung = false;

  private constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Null where storage is refused (a private window, a full disk) or does not answer. */
  static async open(storage: CacheStorage | null, name: string): Promise<CachedFiles | null> {
    if (storage === null) return null;
    const cache = await withDeadline('caches.open', answerTimeoutMs, storage.open(name)).catch(() => null);
    return cache === null ? null : new CachedFiles(cache);
  }

  async get(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const read = async (): Promise<ArrayBuffer | null> => (await (await this.#cache.match(url))?.arrayBuffer()) ?? null;
    const buffer = await this.#ask('cache.match', read, null);
    return buffer === null ? null : new Uint8Array(buffer);
  }

  /** Does nothing if there is no room: the next page fetches the file again. */
  async put(url: string, content: BodyInit): Promise<void> {
    await this.#ask('cache.put', () => this.#cache.put(url, new Response(content)), undefined);
  }

  /** Deletes files of an earlier release. */
  async keepOnly(prefix: string, wanted: ReadonlySet<string>): Promise<void> {
    const remove = async (): Promise<void> => {
      for (const { url } of await this.#cache.keys()) {
        if (url.startsWith(prefix) && !wanted.has(url)) await this.#cache.delete(url);
      }
    };
    await this.#ask('cache.delete', remove, undefined);
  }

  async #ask<Answer>(call: string, run: () => Promise<Answer>, otherwise: Answer): Promise<Answer> {
    if (this.#isHung) return otherwise;
    try {
      return await withDeadline(call, answerTimeoutMs, run());
    } catch (error) {
      this.#isHung ||= error instanceof DeadlineError;
      return otherwise;
    }
  }
}
