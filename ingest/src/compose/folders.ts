import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { IngestError } from '../model/ingest-error.ts';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/**
 * Creates one level at a time: Node's own `recursive` never returns where the system reports that a folder inside an
 * existing one cannot exist (`/proc`).
 */
const makeFolder = (path: string): void => {
  try {
    statSync(path);
    return;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
  }
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another replica created it first.
    if (codeOf(error) !== 'EEXIST') throw error;
  }
};

/** Why a folder cannot be written to; null if it exists, or was created, and is writable. */
const wrongWith = (folder: string): string | null => {
  const path = resolve(folder);
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory()) return 'not a folder';
  } catch (error) {
    return `cannot create it: ${codeOf(error)}`;
  }
  try {
    // Permissions alone are not enough: file systems can be read-only, and root ignores some permissions.
    rmdirSync(mkdtempSync(join(path, '.writable-')));
    return null;
  } catch (error) {
    // A full disk is an outage that the server survives, not an invalid setting.
    if (fullDisk.has(codeOf(error))) return null;
    return `cannot write to it: ${codeOf(error)}`;
  }
};

/** An unreadable folder counts as missing. */
const isReadable = (folder: string): boolean => {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
};

type Folders = Pick<
  Config,
  'dataDir' | 'dumpDir' | 'frameArchiveDir' | 'modelsDir' | 'demoDir' | 'redisUrl' | 'databaseUrl'
>;

/**
 * Creates the folders that the server writes to. Throws with the variables' names if it cannot.
 * @returns the variables whose read-only folders are missing: a server can run without pages or weights
 */
export const prepareFolders = (config: Folders): { variable: string; folder: string }[] => {
  const { dataDir, dumpDir, frameArchiveDir, modelsDir, demoDir, redisUrl, databaseUrl } = config;
  const keepsDataItself = redisUrl === null || databaseUrl === null;
  const written = [
    ...(keepsDataItself ? [['DATA_DIR', dataDir] as const] : []),
    ['DUMP_DIR', dumpDir] as const,
    ...(frameArchiveDir === null ? [] : [['FRAME_ARCHIVE_DIR', frameArchiveDir] as const]),
  ];
  const wrong = written.flatMap(([variable, folder]) => {
    const what = wrongWith(folder);
    if (what === null) return [];
    return [`${variable} is ${JSON.stringify(folder)}; allowed: a folder that can be written to; ${what}`];
  });
  if (wrong.length > 0) throw new IngestError('bad_config', wrong.join('\n'));
  const read = { MODELS_DIR: modelsDir, DEMO_DIR: demoDir };
  return Object.entries(read)
    .filter(([, folder]) => !isReadable(folder))
    .map(([variable, folder]) => ({ variable, folder }));
};
