import { access } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { readManifest } from './manifest.ts';

const manifest = await readManifest();

describe('manifest.json', () => {
  test('pins each source to an exact version and a sha512', () => {
    for (const source of Object.values(manifest.sources)) {
      expect(source.spec).toMatch(/^@?[^@]+@\d+\.\d+\.\d+$/);
      expect(source.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
    }
  });

  test.each(manifest.models)('describes $name completely', async (model) => {
    expect(manifest.sources).toHaveProperty(model.source);
    expect(model.licence).toBe('Apache-2.0');
    expect(model.input.length * model.output.length).toBeGreaterThan(0);
    expect(model.files.map((file) => file.file)).toEqual([`${model.name}.json`, `${model.name}.bin`]);
    for (const file of model.files) expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
    const parts = model.convert?.parts ?? model.files;
    for (const part of parts)
      expect(part).toMatchObject({ path: expect.stringMatching(/^package\//), bytes: expect.any(Number) });
    for (const part of parts) expect(part.sha256).toMatch(/^[0-9a-f]{64}$/);
    await access(new URL(`../${model.card}`, import.meta.url));
  });

  test('gives every file one name', () => {
    const names = manifest.models.flatMap((model) => model.files.map((file) => file.file));
    expect(new Set(names).size).toBe(names.length);
  });
});
