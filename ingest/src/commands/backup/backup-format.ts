import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { IngestError } from '../../model/ingest-error.ts';

/** The list of files in a backup's folder. */
export const manifestName = 'backup.json';
export const recordsFile = { sqlite: 'records.db', postgres: 'records.dump' } as const;
export const dumpsFolder = 'dumps';
export const archiveFolder = 'archive';

/** A path below the folder, written with slashes. */
const PathSchema = v.pipe(
  v.string(),
  v.check((path) => !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '')),
);

const ManifestSchema = v.object({
  format: v.literal(1),
  /** Version of the server that wrote it. */
  version: v.string(),
  created_at: v.string(),
  records: v.picklist(['sqlite', 'postgres']),
  files: v.array(v.object({ path: PathSchema, bytes: v.number(), sha256: v.string() })),
});

export type BackupManifest = v.InferOutput<typeof ManifestSchema>;
export type BackupFile = BackupManifest['files'][number];

export const describeFile = async (folder: string, path: string): Promise<BackupFile> => {
  const file = join(folder, path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { path, bytes: statSync(file).size, sha256: hash.digest('hex') };
};

/** Reads a backup's list and compares every file with it. @throws IngestError `bad_config` if a file is missing or differs */
export const verifyBackup = async (folder: string): Promise<BackupManifest> => {
  const manifest = readManifest(folder);
  for (const expected of manifest.files) {
    const path = join(folder, expected.path);
    const actual = await describeFile(folder, expected.path).catch((error: NodeJS.ErrnoException) => {
      const state = error.code === 'ENOENT' ? 'is missing' : 'cannot be read';
      throw new IngestError('bad_config', `${path} ${state}; nothing was restored`, error);
    });
    if (actual.sha256 !== expected.sha256)
      throw new IngestError('bad_config', `${path} is damaged; nothing was restored`);
  }
  return manifest;
};

const readManifest = (folder: string): BackupManifest => {
  const path = join(folder, manifestName);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new IngestError('bad_config', `${folder} is not a backup: ${path} cannot be read`, error);
  }
  const manifest = v.safeParse(ManifestSchema, content);
  if (manifest.success) return manifest.output;
  throw new IngestError('bad_config', `${path} is invalid, or was written by a later version of the server`);
};
