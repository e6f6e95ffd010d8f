import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AssetsError } from './assets-error.ts';
import type { Copied } from './copy-modules.ts';

interface WeightsFile {
  file: string;
  bytes: number;
  sha256: string;
}

const secondsPerFile = 120;

const isAddress = (source: string): boolean => /^https?:\/\//.test(source);

const readSource = async (source: string, name: string): Promise<Buffer> => {
  if (!isAddress(source)) return await readFile(join(source, name));
  const response = await fetch(new URL(name, source.endsWith('/') ? source : `${source}/`), {
    signal: AbortSignal.timeout(secondsPerFile * 1000),
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
};

const read = (source: string, name: string): Promise<Buffer> =>
  readSource(source, name).catch((error: unknown) => {
    throw new AssetsError(`cannot read ${name} from ${source}: ${(error as Error).message}`);
  });

const filesOf = (manifest: Buffer, source: string): WeightsFile[] => {
  try {
    const { models } = JSON.parse(manifest.toString('utf8')) as { models: { files: WeightsFile[] }[] };
    return models.flatMap(({ files }) => files);
  } catch {
    throw new AssetsError(`${source} has no manifest.json of model weights`);
  }
};

/**
 * Copies the weights that the manifest lists, and the manifest, into `folder`/models. Each file is compared with the manifest's size
 * and hash before it is written.
 * @param source folder or address with a `manifest.json`, such as a proctoring server's `/models/`
 * @param onFile called with the name of each file once it is written
 * @throws AssetsError if a file is missing or differs from the manifest
 */
export const copyWeights = async (source: string, folder: string, onFile: (name: string) => void): Promise<Copied> => {
  const manifest = await read(source, 'manifest.json');
  const target = join(folder, 'models');
  await mkdir(target, { recursive: true });
  const copied = { files: 1, bytes: manifest.length };
  for (const { file: name, bytes, sha256 } of filesOf(manifest, source)) {
    if (basename(name) !== name)
      throw new AssetsError(`the manifest of ${source} has a file outside of its folder: ${name}`);
    const content = await read(source, name);
    const isRight = content.length === bytes && createHash('sha256').update(content).digest('hex') === sha256;
    if (!isRight) throw new AssetsError(`${name} from ${source} differs from its manifest; nothing was written for it`);
    await writeFile(join(target, name), content);
    copied.files += 1;
    copied.bytes += content.length;
    onFile(name);
  }
  await writeFile(join(target, 'manifest.json'), manifest);
  return copied;
};
