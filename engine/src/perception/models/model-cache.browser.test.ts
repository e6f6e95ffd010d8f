import { beforeEach, describe, expect, test } from 'vitest';
import { ModelCache } from './model-cache.ts';

const modelsUrl = 'https://models.test/models/';
const weightsUrl = `${modelsUrl}a.bin`;

const sha256 = async (text: string): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** A server of models: its files, whether it is reachable, and its received requests. */
class ModelSite {
  files = new Map<string, string>();
  isUp = true;
  asked: string[] = [];

  async release(content: string): Promise<void> {
    const files = [{ file: 'a.bin', bytes: content.length, sha256: await sha256(content) }];
    this.files.set(`${modelsUrl}manifest.json`, JSON.stringify({ models: [{ files }] }));
    this.files.set(weightsUrl, content);
  }

  readonly fetch = async (url: string): Promise<Response> => {
    if (!this.isUp) throw new TypeError('Failed to fetch');
    this.asked.push(url.slice(modelsUrl.length));
    const content = this.files.get(url);
    return content === undefined ? new Response(null, { status: 404 }) : new Response(content);
  };
}

let site: ModelSite;
let loadedBytes = 0;

/** The files that a newly opened page gets. */
const load = async (storage: CacheStorage | null = caches): Promise<string> => {
  const cache = await ModelCache.open(modelsUrl, { fetch: site.fetch, storage });
  loadedBytes = 0;
  const progress = { onTotal: () => undefined, onBytes: (bytes: number) => (loadedBytes += bytes) };
  return new TextDecoder().decode(await cache.fetch(weightsUrl, progress));
};

beforeEach(async () => {
  await caches.delete('invigil-models');
  site = new ModelSite();
  await site.release('weights');
});

describe('model cache', () => {
  test('the second load asks for the manifest only, and shows its progress all the same', async () => {
    expect(await load()).toBe('weights');
    expect(await load()).toBe('weights');
    expect(site.asked).toEqual(['manifest.json', 'a.bin', 'manifest.json']);
    expect(loadedBytes).toBe(7);
  });

  test('the second load needs no network', async () => {
    await load();
    site.isUp = false;
    expect(await load()).toBe('weights');
  });

  test('a new release is fetched, and files that it no longer has are deleted', async () => {
    await load();
    const cache = await caches.open('invigil-models');
    await cache.put(`${modelsUrl}old.bin`, new Response('old'));
    await site.release('better weights');
    expect(await load()).toBe('better weights');
    expect((await cache.keys()).map(({ url }) => url.slice(modelsUrl.length)).toSorted()).toEqual([
      'a.bin',
      'manifest.json',
    ]);
  });

  test('a cached file that was changed is not used', async () => {
    await load();
    await (await caches.open('invigil-models')).put(weightsUrl, new Response('WEIGHTS'));
    expect(await load()).toBe('weights');
  });

  test('a file that does not match the manifest is refused, and not cached', async () => {
    site.files.set(weightsUrl, 'exchanged');
    await expect(load()).rejects.toThrow(/not the file that the manifest names/);
    site.files.set(weightsUrl, 'weights');
    expect(await load()).toBe('weights');
  });

  test('without a manifest, or without storage, files are fetched each time', async () => {
    site.files.set(`${modelsUrl}manifest.json`, '<!doctype html>');
    expect([await load(), await load()]).toEqual(['weights', 'weights']);
    expect(await load(null)).toBe('weights');
    expect(site.asked.filter((file) => file === 'a.bin')).toHaveLength(3);
  });
});
