import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { prepareFolders } from '../../compose/folders.ts';
import { loadConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import { isDumpFile } from '../../dump/frames-dump.ts';
import { IngestError } from '../../model/ingest-error.ts';
import { readArguments, wrongArguments } from '../command.ts';
import type { Command } from '../command.ts';
import { archiveFolder, dumpsFolder, recordsFile, verifyBackup } from './backup-format.ts';
import type { BackupManifest } from './backup-format.ts';
import { restorePostgres } from './postgres-programs.ts';

const usage = `invigil restore FOLDER

Restores a backup into an empty server: stop all replicas first. DATA_DIR, DUMP_DIR, FRAME_ARCHIVE_DIR and the database
must be empty. All files are verified before anything is written. Then start the same version of the server, or a later
one, and erase again the students who were erased after the backup was made (docs/operations/backup.md).`;

const refuse = (message: string): IngestError => new IngestError('bad_config', `${message}; nothing was restored`);

/** Whether the database has tables of this server. */
const holdsRecords = async (databaseUrl: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ found: boolean }>(`select to_regclass('sessions') is not null as found`);
    return rows[0]?.found === true;
  } catch (error) {
    throw refuse(`cannot use the database at DATABASE_URL (${(error as Error).name})`);
  } finally {
    await client.end().catch(() => undefined);
  }
};

const demandEmptyTarget = async ({ dataDir, dumpDir, frameArchiveDir, databaseUrl }: Config): Promise<void> => {
  const dumps = existsSync(dumpDir) ? readdirSync(dumpDir).filter(isDumpFile) : [];
  if (dumps.length > 0) throw refuse(`DUMP_DIR (${dumpDir}) already holds dumps (${dumps.length})`);
  if (frameArchiveDir !== null && existsSync(frameArchiveDir) && readdirSync(frameArchiveDir).length > 0) {
    throw refuse(`FRAME_ARCHIVE_DIR (${frameArchiveDir}) is not empty`);
  }
  for (const name of [recordsFile.sqlite, 'frames.db', 'analysis.db']) {
    if (existsSync(join(dataDir, name))) throw refuse(`DATA_DIR (${dataDir}) already holds ${name}`);
  }
  if (databaseUrl !== null && (await holdsRecords(databaseUrl))) {
    throw refuse('the database at DATABASE_URL already holds records');
  }
};

const demandSameStores = ({ records }: BackupManifest, { databaseUrl }: Config): void => {
  if (records === 'postgres' && databaseUrl === null) {
    throw refuse('the backup’s records are from Postgres; set DATABASE_URL');
  }
  if (records === 'sqlite' && databaseUrl !== null) {
    throw refuse('the backup’s records are from SQLite; unset DATABASE_URL');
  }
};

/** Where a file of the backup belongs; null for the database dump. */
const targetOf = (path: string, { dataDir, dumpDir, frameArchiveDir }: Config): string | null => {
  if (path === recordsFile.postgres) return null;
  if (path.startsWith(`${archiveFolder}/`)) {
    // Without FRAME_ARCHIVE_DIR the new server could not read them.
    if (frameArchiveDir === null) throw refuse('the backup has archived frames; set FRAME_ARCHIVE_DIR');
    return join(frameArchiveDir, path.slice(archiveFolder.length + 1));
  }
  return path.startsWith(`${dumpsFolder}/`) ? join(dumpDir, basename(path)) : join(dataDir, basename(path));
};

export const restoreCommand: Command = {
  usage,
  async run(args, { environment, print, note }) {
    const [folder, ...rest] = readArguments(args, usage, {}).positionals;
    if (folder === undefined || rest.length > 0) throw wrongArguments('expected: one FOLDER', usage);
    const config = loadConfig(environment);
    const manifest = await verifyBackup(folder);
    demandSameStores(manifest, config);
    await demandEmptyTarget(config);
    const targets = manifest.files.map(({ path }) => [path, targetOf(path, config)] as const);
    prepareFolders(config);
    mkdirSync(config.dataDir, { recursive: true });
    const { databaseUrl } = config;
    if (databaseUrl !== null) await restorePostgres(databaseUrl, join(folder, recordsFile.postgres));
    for (const [path, target] of targets) {
      if (target === null) continue;
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(folder, path), target);
    }
    print(`restored ${manifest.files.length} files of version ${manifest.version}, written ${manifest.created_at}`);
    note('Start the server, check /healthz, and erase again the students who were erased after the backup was made.');
    return 0;
  },
};
