import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { create } from 'tar';
import type { Model, WeightsSource } from '../src/manifest.ts';

const fileBytes = 200_000;

/**
 * A small npm tarball with two models and something unwanted around them, and the manifest that describes it.
 * The contents are random, so the tarball does not shrink and positions in it are known: the first model ends before
 * its middle, the second begins after it.
 */
export const createFakePackage = async (folder: string) => {
  const root = join(folder, 'package');
  await mkdir(join(root, 'models'), { recursive: true });
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: '@fake/weights', version: '1.0.0' }));
  const models: Pick<Model, 'name' | 'source' | 'files'>[] = [];
  for (const name of ['alpha', 'beta']) {
    const content = randomBytes(fileBytes);
    await writeFile(join(root, 'models', `${name}.bin`), content);
    models.push({
      name,
      source: 'fake',
      files: [
        {
          file: `${name}.bin`,
          path: `package/models/${name}.bin`,
          bytes: content.length,
          sha256: createHash('sha256').update(content).digest('hex'),
        },
      ],
    });
  }
  await writeFile(join(root, 'models', 'unwanted.bin'), randomBytes(fileBytes));

  const tarballFile = join(folder, 'weights.tgz');
  const order = ['package.json', 'models/alpha.bin', 'models/unwanted.bin', 'models/beta.bin'];
  await create(
    { gzip: true, cwd: folder, file: tarballFile },
    order.map((path) => `package/${path}`),
  );
  const tarball = await readFile(tarballFile);
  const source: WeightsSource = {
    spec: '@fake/weights@1.0.0',
    bytes: tarball.length,
    integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    licence: 'MIT',
  };
  return { tarball, source, manifest: { sources: { fake: source }, models } };
};
