import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ChildService } from './child-service.ts';
import { freePort } from './free-port.ts';

const versionsDir = '/usr/lib/postgresql';

/** The folder of the newest installed server programs; they are not on the PATH. */
const programsDir = (): string => {
  const [newest] = readdirSync(versionsDir)
    .filter((version) => existsSync(join(versionsDir, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error(`no PostgreSQL server in ${versionsDir}`);
  return join(versionsDir, newest, 'bin');
};

/** Postgres refuses to run as root; its own account comes with the package. */
const asPostgres = (): {
  asUser: (program: string) => [string, ...string[]];
  ids: { uid: number; gid: number } | null;
} => {
  if (process.getuid?.() !== 0) return { asUser: (program) => [program], ids: null };
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return {
    asUser: (program) => [
      'setpriv',
      '--reuid=postgres',
      '--regid=postgres',
      '--clear-groups',
      '--pdeathsig',
      'KILL',
      program,
    ],
    ids: { uid: idOf('-u'), gid: idOf('-g') },
  };
};

export interface PostgresService {
  url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

/** It starts listening shortly before it accepts queries, especially after a kill. */
const untilItAnswers = async (connectionString: string): Promise<void> => {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (attempt === 200) throw error;
      await delay(50);
    }
  }
};

/** The children of a killed server keep its shared memory for a moment, so a new server exits immediately. */
const startAfterKill = async (service: ChildService): Promise<void> => {
  const untilMs = Date.now() + 15_000;
  for (;;) {
    try {
      await service.start();
      return;
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await delay(200);
    }
  }
};

type Account = ReturnType<typeof asPostgres>;

const makeFolder = ({ ids }: Account): string => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-postgres-'));
  chmodSync(folder, 0o700);
  if (ids !== null) chownSync(folder, ids.uid, ids.gid);
  return folder;
};

const run = ({ asUser }: Account, folder: string, program: string, ...words: string[]): void => {
  const [first, ...others] = asUser(program);
  execFileSync(first, [...others, ...words], { stdio: 'ignore', cwd: folder });
};

const initdbOptions = ['--username=invigil', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];

/** Whether the folder holds a cluster of this account. In a folder that everybody writes to, a name alone says nothing. */
const isCluster = (folder: string, uid: number): boolean => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true || found.uid !== uid) return false;
  return existsSync(join(folder, 'PG_VERSION')) && existsSync(join(folder, 'global/pg_control'));
};

/**
 * A new database cluster to copy: `initdb` takes seconds, a copy a fraction of one. It stays in the folder for temporary files, for
 * every process of this account and every later run.
 */
const templateCluster = (programs: string, account: Account): string => {
  const version = execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' });
  const fingerprint = createHash('sha256').update([version, ...initdbOptions].join('\n'));
  const user = account.ids?.uid ?? process.getuid?.() ?? 0;
  const template = join(tmpdir(), `invigil-postgres-template-${user}-${fingerprint.digest('hex').slice(0, 12)}`);
  if (isCluster(template, user)) return template;
  const folder = makeFolder(account);
  try {
    run(account, folder, join(programs, 'initdb'), '-D', join(folder, 'data'), ...initdbOptions);
    // Concurrent processes each run initdb; the rename is atomic, and the first one wins.
    renameSync(join(folder, 'data'), template);
  } catch (error) {
    if (!isCluster(template, user)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return template;
};

/** A real Postgres in its own folder. */
export const startPostgres = async (): Promise<PostgresService> => {
  const account = asPostgres();
  const programs = programsDir();
  const template = templateCluster(programs, account);
  const folder = makeFolder(account);
  const data = join(folder, 'data');
  run(account, folder, 'cp', '--archive', template, data);
  const port = await freePort();
  const service = new ChildService(port, [
    ...account.asUser(join(programs, 'postgres')),
    '-D',
    data,
    `--port=${port}`,
    '--listen-addresses=127.0.0.1',
    `--unix-socket-directories=${folder}`,
    '--fsync=off',
  ]);
  const url = `postgres://invigil@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<void> => {
    await startAfterKill(service);
    await untilItAnswers(url);
  };
  await start();
  return {
    url,
    start,
    stop: () => service.stop(),
    async remove() {
      await service.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
};
