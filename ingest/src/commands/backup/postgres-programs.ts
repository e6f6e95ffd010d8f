import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { IngestError } from '../../model/ingest-error.ts';

/** The address without its password, which other users of the machine could read in the list of processes. */
const connectionOf = (databaseUrl: string): { url: string; environment: NodeJS.ProcessEnv } => {
  const url = new URL(databaseUrl);
  const password = decodeURIComponent(url.password);
  url.password = '';
  return { url: url.href, environment: { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) } };
};

const run = async (program: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> => {
  try {
    await promisify(execFile)(program, args, { env: environment, maxBuffer: 10_000_000 });
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    const reason =
      code === 'ENOENT' ? 'it is not installed (Debian: apt-get install postgresql-client)' : stderr.trim();
    throw new IngestError('bad_config', `${program} failed: ${reason}`, error);
  }
};

/** Writes the database to a file in Postgres's own format, as of one moment. */
export const dumpPostgres = (databaseUrl: string, file: string): Promise<void> => {
  const { url, environment } = connectionOf(databaseUrl);
  return run('pg_dump', ['--format=custom', '--no-owner', `--file=${file}`, `--dbname=${url}`], environment);
};

/** Restores such a file into an empty database in one transaction. */
export const restorePostgres = (databaseUrl: string, file: string): Promise<void> => {
  const { url, environment } = connectionOf(databaseUrl);
  const options = ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error'];
  return run('pg_restore', [...options, `--dbname=${url}`, file], environment);
};
