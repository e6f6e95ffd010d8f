import { withDeadline } from '../../timing/deadline.ts';
import { CachedFiles } from './cached-files.ts';
import { joined } from './joined-bytes.ts';
import { LoadFailure } from './load-failure.ts';

/** One file's entry in the manifest beside the weights. */
interface ExpectedFile {
  bytes: number;
  sha256: string;
}

interface ManifestJson {
  models: { files: { file: string; bytes: number; sha256: string }[] }[];
}

export interface FetchProgress {
  onTotal(bytes: number): void;
  onBytes(bytes: number): void;
}

export interface ModelCacheParts {
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Null if the page has no Cache Storage: insecure pages. */
  storage: CacheStorage | null;
}

const cacheName = 'invigil-models';

const sha256Hex = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  Array.from(new Uint8Array(await answered('crypto.subtle.digest', crypto.subtle.digest('SHA-256', bytes))), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

const isRight = async (bytes: Uint8Array<ArrayBuffer>, expected: ExpectedFile): Promise<boolean> =>
  bytes.byteLength === expected.bytes && (await sha256Hex(bytes)) === expected.sha256;

/** A download without progress for this long has failed; a slow one has not. */
const stallTimeoutMs = 30_000;

const answered = <Answer>(call: string, answer: Promise<Answer>): Promise<Answer> =>
  withDeadline(call, stallTimeoutMs, answer);

const bodyOf = async (response: Response, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  const reader = response.body?.getReader();
  const read = async (): Promise<Uint8Array | undefined> =>
    reader === undefined ? undefined : (await answered('fetch', reader.read())).value;
  for (let next = await read(); next !== undefined; next = await read()) {
    chunks.push(next);
    onBytes(next.byteLength);
  }
  return joined(chunks);
};

/**
 * Model files that stay on the device in Cache Storage. Each is checked against the manifest's size and sha256 whenever
 * it is read, so that neither a broken download nor a replaced weight is ever run. Files that no manifest names (an
 * operator's own weights) are fetched normally, unchecked; so are all files if there is no such storage.
 */
export class ModelCache {
  readonly #parts: ModelCacheParts;
  readonly #cache: CachedFiles | null;
  readonly #expected: ReadonlyMap<string, ExpectedFile>;

  private constructor(parts: ModelCacheParts, cache: CachedFiles | null, expected: ReadonlyMap<string, ExpectedFile>) {
    this.#parts = parts;
    this.#cache = cache;
    this.#expected = expected;
  }

  /** @param modelsUrl absolute, ending in a slash. */
  static async open(modelsUrl: string, parts: ModelCacheParts): Promise<ModelCache> {
    const cache = await CachedFiles.open(parts.storage, cacheName);
    const url = new URL('manifest.json', modelsUrl).href;
    const manifest = cache === null ? null : await readManifest(url, cache, parts.fetch);
    const files = manifest?.models.flatMap((model) => model.files) ?? [];
    const expected = new Map(files.map(({ file, ...facts }) => [new URL(file, modelsUrl).href, facts]));
    if (manifest !== null) await cache?.keepOnly(modelsUrl, new Set([url, ...expected.keys()]));
    return new ModelCache(parts, cache, expected);
  }

  async fetch(url: string, progress: FetchProgress): Promise<Uint8Array<ArrayBuffer>> {
    const expected = this.#expected.get(url);
    if (this.#cache === null || expected === undefined) return this.#download(url, progress, {});
    const kept = await this.#kept(url, expected);
    if (kept !== null) {
      progress.onTotal(kept.byteLength);
      progress.onBytes(kept.byteLength);
      return kept;
    }
    const first = await this.#download(url, progress, {});
    // The browser's own cache may hold an older file of the same name.
    const bytes = (await isRight(first, expected)) ? first : await this.#download(url, progress, { cache: 'reload' });
    if (!(await isRight(bytes, expected)))
      throw new LoadFailure('file_damaged', `${url} is not the file that the manifest names`);
    await this.#cache.put(url, bytes);
    return bytes;
  }

  async #kept(url: string, expected: ExpectedFile): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = (await this.#cache?.get(url)) ?? null;
    return bytes !== null && (await isRight(bytes, expected)) ? bytes : null;
  }

  async #download(url: string, progress: FetchProgress, init: RequestInit): Promise<Uint8Array<ArrayBuffer>> {
    const unreachable = (cause: unknown): never => {
      throw new LoadFailure('file_unreachable', `${url} gave no answer`, { cause });
    };
    const response = await answered('fetch', this.#parts.fetch(url, init)).catch(unreachable);
    if (!response.ok || response.body === null) {
      throw new LoadFailure('file_unreachable', `${url} answered ${response.status} ${response.statusText}`.trim());
    }
    progress.onTotal(Number(response.headers.get('content-length') ?? 0));
    return bodyOf(response, (bytes) => progress.onBytes(bytes)).catch(unreachable);
  }
}

/** The server's manifest, or, while the server is unreachable, the cached one; null if there is none. */
const readManifest = async (
  url: string,
  cache: CachedFiles,
  get: ModelCacheParts['fetch'],
): Promise<ManifestJson | null> => {
  try {
    const response = await answered('fetch', get(url, { cache: 'no-cache' }));
    if (!response.ok) return null;
    const text = await answered('fetch', response.text());
    const manifest = parsed(text);
    if (manifest !== null) await cache.put(url, text);
    return manifest;
  } catch {
    // No network.
    const kept = await cache.get(url);
    return kept === null ? null : parsed(new TextDecoder().decode(kept));
  }
};

const parsed = (text: string): ManifestJson | null => {
  try {
    const json = JSON.parse(text) as Partial<ManifestJson> | null;
    return Array.isArray(json?.models) ? (json as ManifestJson) : null;
  } catch {
    // A server that answers unknown addresses with a page.
    return null;
  }
};
