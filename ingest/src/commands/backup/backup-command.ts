import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import Database from 'libsql';
import { loadConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import { blockSuffix } from '../../archive/block-file.ts';
import { isDumpFile } from '../../dump/frames-dump.ts';
import { IngestError } from '../../model/ingest-error.ts';
import { isoTime } from '../../time/iso-time.ts';
import { version } from '../../version.ts';
import { readArguments, wrongArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { archiveFolder, describeFile, dumpsFolder, manifestName, recordsFile } from './backup-format.ts';
import type { BackupManifest } from './backup-format.ts';
import { dumpPostgres } from './postgres-programs.ts';

const usage = `invigil backup FOLDER

Writes the records, the dumps, archived frames and, without Redis, the newest frames of running sessions to FOLDER, which
must be empty or not exist. The server may keep running. Postgres needs pg_dump. Frames in Redis and in a bucket are not
included: back up Redis's append-only file and the bucket, or wait until the sessions have ended. A backup holds personal
data; only its owner can read it.`;

/** A copy as of one moment, even while a server writes. */
const copyDatabase = (from: string, to: string): void => {
  const database = new Database(from, { timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
};

/**
 * Files in DATA_DIR; which of them exist depends on the services. Each is copied before those that refer to it: the analysis of frames that a
 * backup lacks could not be continued, and a session that its records list as ended needs no frames. analysis.db avoids re-reading the frames.
 */
const copyDatabases = ({ dataDir, databaseUrl, redisUrl }: Config, folder: string): string[] => {
  const names = [
    ...(redisUrl === null ? ['analysis.db', 'frames.db'] : []),
    ...(databaseUrl === null ? [recordsFile.sqlite] : []),
  ].filter((name) => existsSync(join(dataDir, name)));
  for (const name of names) copyDatabase(join(dataDir, name), join(folder, name));
  return names;
};

/**
 * Copied after the records, so that each report in them has its dump. A session that ends in between is restored as running; ending it again keeps the
 * whole dump. The server replaces dumps, and never changes one in place.
 */
const copyDumps = (dumpDir: string, folder: string): string[] => {
  if (!existsSync(dumpDir)) return [];
  mkdirSync(join(folder, dumpsFolder));
  return readdirSync(dumpDir)
    .filter(isDumpFile)
    .filter((name) => copyIfPresent(join(dumpDir, name), join(folder, dumpsFolder, name)))
    .map((name) => `${dumpsFolder}/${name}`);
};

/** @returns false if the file expired, or its student was erased, since it was listed */
const copyIfPresent = (from: string, to: string): boolean => {
  try {
    copyFileSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
};

/**
 * After the frames of the store: a frame is in the archive before it leaves the store. Blocks of a session that ends meanwhile are missing,
 * and its dump is there.
 */
const copyArchive = (archiveDir: string, folder: string): string[] => {
  if (!existsSync(archiveDir)) return [];
  return readdirSync(archiveDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(blockSuffix))
    .flatMap((path) => {
      const target = join(folder, archiveFolder, path);
      mkdirSync(dirname(target), { recursive: true });
      return copyIfPresent(join(archiveDir, path), target) ? [`${archiveFolder}/${path.split(sep).join('/')}`] : [];
    });
};

const prepare = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) throw new IngestError('bad_config', `${folder} is not empty`);
};

const writeBackup = async (config: Config, folder: string, nowMs: number): Promise<BackupManifest> => {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === null && !existsSync(join(dataDir, recordsFile.sqlite))) {
    throw new IngestError('bad_config', `there is nothing to back up in DATA_DIR (${dataDir})`);
  }
  prepare(folder);
  const paths = copyDatabases(config, folder);
  if (databaseUrl !== null) {
    await dumpPostgres(databaseUrl, join(folder, recordsFile.postgres));
    paths.push(recordsFile.postgres);
  }
  if (config.frameArchiveDir !== null) paths.push(...copyArchive(config.frameArchiveDir, folder));
  paths.push(...copyDumps(config.dumpDir, folder));
  const files: BackupManifest['files'] = [];
  for (const path of paths) files.push(await describeFile(folder, path));
  const records = databaseUrl === null ? 'sqlite' : 'postgres';
  const manifest: BackupManifest = { format: 1, version, created_at: isoTime(nowMs), records, files };
  // A folder without the list is not a backup, so an interrupted one is never restored.
  const path = join(folder, manifestName);
  writeFileSync(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(`${path}.part`, path);
  return manifest;
};

export const backupCommand: Command = {
  usage,
  async run(args, { environment, now, print, note }) {
    const [folder, ...rest] = readArguments(args, usage, {}).positionals;
    if (folder === undefined || rest.length > 0) throw wrongArguments('expected: one FOLDER', usage);
    const config = loadConfig(environment);
    const { files } = await writeBackup(config, folder, now());
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    print(`${files.length} files, ${bytes} bytes in ${folder}`);
    if (config.frameArchiveBucket !== null) note('Archived frames are in the bucket and not in this backup.');
    if (config.redisUrl !== null) note('Frames of running sessions are in Redis and not in this backup.');
    return 0;
  },
};
