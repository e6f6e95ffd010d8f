import { appendFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { backupCommand } from '../../src/commands/backup/backup-command.ts';
import { restoreCommand } from '../../src/commands/backup/restore-command.ts';
import { SessionClient, batch } from '../session-client.ts';
import { runCommandIn } from './run.ts';

let postgres: PostgresService;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres.remove();
  await removeFolders();
});

/** The settings of a server in its own folder. */
const settingsIn = async (databaseUrl: string | null): Promise<Record<string, string>> => {
  const home = await makeFolder();
  return {
    DATA_DIR: join(home, 'data'),
    DUMP_DIR: join(home, 'dumps'),
    ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }),
  };
};

const withDatabase = async (name: string): Promise<string> => {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return postgres.url.replace(/\/postgres$/, `/${name}`);
};

const sendFrames = async (server: TestServer, id: string): Promise<void> => {
  const client = new SessionClient(server, id);
  await client.opened();
  client.send(batch(0, 40));
  await client.next('ack');
  client.close();
};

const reportOf = async (server: TestServer, id: string): Promise<string> =>
  (await server.ask('GET', `/api/v1/session/${id}/report`)).text;

describe.each(['SQLite', 'Postgres'])('a backup of %s', (kind) => {
  let source: Record<string, string>;
  let backup: string;
  let server: TestServer;
  let reports: string[];
  const newTarget = async (name: string) => settingsIn(kind === 'SQLite' ? null : await withDatabase(name));

  beforeAll(async () => {
    source = await newTarget('source');
    server = await startServer(source);
    for (const id of ['first', 'second']) {
      await sendFrames(server, id);
      await server.ask('POST', `/api/v1/session/${id}/end`);
    }
    await sendFrames(server, 'running');
    backup = join(await makeFolder(), 'backup');
    await runCommandIn(backupCommand, source, backup);
    reports = [await reportOf(server, 'first'), await reportOf(server, 'second')];
    await server.close();
  });

  test('restored elsewhere gives the same reports, byte for byte, and continues running sessions', async () => {
    const target = await newTarget('target');
    const { printed } = await runCommandIn(restoreCommand, target, backup);
    expect(printed).toMatch(/^restored \d+ files of version /);
    const restored = await startServer(target);
    expect(reports[0]).toContain('"risk"');
    expect([await reportOf(restored, 'first'), await reportOf(restored, 'second')]).toEqual(reports);
    const client = await new SessionClient(restored, 'running').opened();
    client.send(batch(41, 44));
    expect(await client.next('ack')).toMatchObject({ up_to_seq: 44 });
    client.close();
    await restored.close();
  });

  test('holds the records, the dumps and the running session’s frames', async () => {
    const files = (await readdir(backup, { recursive: true })).toSorted();
    const records = kind === 'SQLite' ? 'records.db' : 'records.dump';
    expect(files).toEqual(
      [
        'analysis.db',
        'backup.json',
        'dumps',
        'dumps/first_frames.json',
        'dumps/second_frames.json',
        'frames.db',
        records,
      ].toSorted(),
    );
  });

  test('is refused where data exists already', async () => {
    await expect(runCommandIn(restoreCommand, source, backup)).rejects.toThrow('nothing was restored');
    const emptied = { ...source, DUMP_DIR: join(await makeFolder(), 'dumps') };
    await expect(runCommandIn(restoreCommand, emptied, backup)).rejects.toThrow('DATA_DIR (');
  });

  test('is refused for the other kind of database', async () => {
    const other = await settingsIn(kind === 'SQLite' ? postgres.url : null);
    await expect(runCommandIn(restoreCommand, other, backup)).rejects.toThrow(
      kind === 'SQLite' ? 'unset DATABASE_URL' : 'set DATABASE_URL',
    );
  });

  test('with a damaged or missing file restores nothing', async () => {
    const target = await settingsIn(kind === 'SQLite' ? null : postgres.url);
    const dump = join(backup, 'dumps', 'first_frames.json');
    await appendFile(dump, ' ');
    await expect(runCommandIn(restoreCommand, target, backup)).rejects.toThrow(`${dump} is damaged`);
    await rm(dump);
    await expect(runCommandIn(restoreCommand, target, backup)).rejects.toThrow(`${dump} is missing`);
    await expect(stat(target['DATA_DIR']!)).rejects.toThrow('ENOENT');
  });
});

test('a database that holds records takes no backup', async () => {
  const settings = await settingsIn(await withDatabase('filled'));
  const server = await startServer(settings);
  await sendFrames(server, 'any');
  await server.close();
  const folder = join(await makeFolder(), 'backup');
  await runCommandIn(backupCommand, settings, folder);
  const elsewhere = { ...(await settingsIn(null)), DATABASE_URL: settings['DATABASE_URL']! };
  await expect(runCommandIn(restoreCommand, elsewhere, folder)).rejects.toThrow(
    'the database at DATABASE_URL already holds records; nothing was restored',
  );
});

describe('a folder', () => {
  test.each([
    ['{}', 'is invalid'],
    ['{"format":2}', 'was written by a later version'],
    ['no JSON', 'is not a backup'],
    [
      JSON.stringify({
        format: 1,
        version: '0.1.0',
        created_at: '',
        records: 'sqlite',
        files: [{ path: '../escape', bytes: 0, sha256: '' }],
      }),
      'is invalid',
    ],
  ])('with the list %j is refused', async (list, problem) => {
    const folder = await makeFolder();
    await writeFile(join(folder, 'backup.json'), list);
    await expect(runCommandIn(restoreCommand, await settingsIn(null), folder)).rejects.toThrow(problem);
  });

  test('that is not empty takes no backup', async () => {
    const settings = await settingsIn(null);
    const server = await startServer(settings);
    await sendFrames(server, 'any');
    await server.close();
    const folder = await makeFolder();
    await writeFile(join(folder, 'mine'), '');
    await expect(runCommandIn(backupCommand, settings, folder)).rejects.toThrow(`${folder} is not empty`);
    const nothing = await settingsIn(null);
    await expect(runCommandIn(backupCommand, nothing, join(folder, 'new'))).rejects.toThrow('nothing to back up');
  });
});
