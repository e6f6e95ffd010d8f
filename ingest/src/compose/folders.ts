import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { IngestError } from '../model/ingest-error.ts';

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

const fullDisk = new Set(['ENOSPC', 'EDQUOT']);

/** Level by level: Node's own `recursive` tries for ever where the system says that a folder inside an existing one cannot be (`/proc`). */
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

/** What is wrong with a folder that is to be written to; null when it is there, or was made, and takes files. */
const wrongWith = (folder: string): string | null => {
  const path = resolve(folder);
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory()) return 'this is no folder';
  } catch (error) {
    return `this one cannot be made: ${codeOf(error)}`;
  }
  try {
    // Permissions do not say it all: file systems are read-only, and some rights are ignored for root.
    rmdirSync(mkdtempSync(join(path, '.writable-')));
    return null;
  } catch (error) {
    // A full disk is an outage, which a server lives through, and no wrong setting.
    if (fullDisk.has(codeOf(error))) return null;
    return `nothing can be written to this one: ${codeOf(error)}`;
  }
};

/** One that may not be read is as good as none. */
const isReadable = (folder: string): boolean => {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
};

type Folders = Pick<Config, 'dataDir' | 'dumpDir' | 'modelsDir' | 'demoDir' | 'redisUrl' | 'databaseUrl'>;

/**
 * Makes the folders that the server writes to; throws when it cannot, naming the variables.
 * @returns the variables whose folders are only read and are not there: a server may do without pages or weights
 */
export const prepareFolders = (config: Folders): { variable: string; folder: string }[] => {
  const { dataDir, dumpDir, modelsDir, demoDir, redisUrl, databaseUrl } = config;
  const keepsDataItself = redisUrl === null || databaseUrl === null;
  const written = [...(keepsDataItself ? [['DATA_DIR', dataDir] as const] : []), ['DUMP_DIR', dumpDir] as const];
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
