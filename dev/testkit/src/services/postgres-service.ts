import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

/** A real Postgres in its own folder. */
export const startPostgres = async (): Promise<PostgresService> => {
  const { asUser, ids } = asPostgres();
  const folder = mkdtempSync(join(tmpdir(), 'invigil-postgres-'));
  chmodSync(folder, 0o700);
  if (ids !== null) chownSync(folder, ids.uid, ids.gid);
  const programs = programsDir();
  const data = join(folder, 'data');
  const initdb = [
    ...asUser(join(programs, 'initdb')),
    '-D',
    data,
    '--username=invigil',
    '--auth=trust',
    '--encoding=UTF8',
    '--no-sync',
  ];
  execFileSync(initdb[0]!, initdb.slice(1), { stdio: 'ignore', cwd: folder });
  const port = await freePort();
  const service = new ChildService(port, [
    ...asUser(join(programs, 'postgres')),
    '-D',
    data,
    `--port=${port}`,
    '--listen-addresses=127.0.0.1',
    `--unix-socket-directories=${folder}`,
    '--fsync=off',
  ]);
  const url = `postgres://invigil@127.0.0.1:${port}/postgres`;
  const start = async (): Promise<void> => {
    await service.start();
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
