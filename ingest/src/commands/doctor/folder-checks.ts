import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { prepareFolders } from '../../compose/folders.ts';
import type { Config } from '../../config.ts';
import { IngestError } from '../../model/ingest-error.ts';
import { isDamaged } from '../../sqlite/damage.ts';
import { fault, reasonOf, warning } from './finding.ts';
import type { Finding } from './finding.ts';

const leastFreeBytes = 1_000_000_000;
const othersMayRead = 0o077;

/** Folders that the server cannot write to, damaged databases, open permissions, a full disk. */
export const checkFolders = (config: Config): Finding[] => {
  try {
    prepareFolders(config);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    return error.message.split('\n').map((line) => {
      const [subject = ''] = line.split(' ', 1);
      return fault(subject, line.slice(subject.length + 1), 'choose a folder that the server’s user may write to');
    });
  }
  return [...checkDatabases(config), ...checkSpace(config)];
};

const checkDatabases = ({ dataDir, databaseUrl, redisUrl }: Config): Finding[] => {
  const files = [...(databaseUrl === null ? ['records.db'] : []), ...(redisUrl === null ? ['frames.db'] : [])];
  return files.flatMap((name) => {
    const file = join(dataDir, name);
    if (!existsSync(file)) return [];
    if (isDamaged(file)) return [fault('DATA_DIR', `${file} is damaged`, 'restore a backup: invigil restore FOLDER')];
    if ((statSync(file).mode & othersMayRead) === 0) return [];
    return [warning('DATA_DIR', `other users of this machine can read ${file}`, `run: chmod 600 ${file}`)];
  });
};

const checkSpace = ({ dataDir, dumpDir, frameArchiveDir }: Config): Finding[] =>
  Object.entries({ DATA_DIR: dataDir, DUMP_DIR: dumpDir, FRAME_ARCHIVE_DIR: frameArchiveDir }).flatMap(
    ([subject, folder]) => {
      if (folder === null || !existsSync(folder)) return [];
      const { bavail, bsize } = statfsSync(folder);
      if (bavail * bsize >= leastFreeBytes) return [];
      const megabytes = Math.floor((bavail * bsize) / 1_000_000);
      return [warning(subject, `the disk has ${megabytes} MB left`, 'free at least 1 GB, or move the folder')];
    },
  );

const ManifestSchema = v.object({
  models: v.array(v.object({ files: v.array(v.object({ file: v.string(), bytes: v.number(), sha256: v.string() })) })),
});

const installWeights = 'run: npm run models';

/** Weights that are missing or differ from the manifest that was installed with them. */
export const checkWeights = async ({ modelsDir }: Config): Promise<Finding[]> => {
  const manifest = join(modelsDir, 'manifest.json');
  if (!existsSync(manifest)) return [fault('MODELS_DIR', `there are no weights in ${modelsDir}`, installWeights)];
  let files: { file: string; bytes: number; sha256: string }[];
  try {
    const { models } = v.parse(ManifestSchema, JSON.parse(readFileSync(manifest, 'utf8')));
    files = models.flatMap((model) => model.files);
  } catch (error) {
    return [fault('MODELS_DIR', `${manifest} is invalid: ${reasonOf(error)}`, installWeights)];
  }
  const findings: Finding[] = [];
  for (const { file, bytes, sha256 } of files) {
    const path = join(modelsDir, file);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    // A model may be hosted elsewhere (npm run models -- --skip).
    if (size === undefined) findings.push(warning('MODELS_DIR', `${path} is missing`, installWeights));
    else if (size !== bytes || (await sha256Of(path)) !== sha256)
      findings.push(fault('MODELS_DIR', `${path} is damaged`, `delete it and ${installWeights}`));
  }
  return findings;
};

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** Whether the pages were built. */
export const checkPages = async ({ demoDir }: Config): Promise<Finding[]> =>
  existsSync(join(demoDir, 'index.html'))
    ? []
    : [fault('DEMO_DIR', `there are no pages in ${demoDir}`, 'run: npm run build')];
