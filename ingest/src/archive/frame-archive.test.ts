import { chmod, mkdir, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { archiveContract, block } from '../../test/archive-contract.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { FolderArchive } from './folder-archive.ts';
import { RecordsArchive } from './records-archive.ts';

afterAll(removeFolders);

describe('an archive in SQLite', () => {
  let database: RecordsDatabase;
  beforeAll(async () => {
    database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  });
  afterAll(() => database.close());
  archiveContract(async () => new RecordsArchive(database));
});

describe('an archive in Postgres', () => {
  let postgres: PostgresService;
  let database: RecordsDatabase;
  beforeAll(async () => {
    postgres = await startPostgres();
    database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
  });
  afterAll(async () => {
    await database.close();
    await postgres.remove();
  });
  archiveContract(async () => new RecordsArchive(database));
});

describe('an archive in a folder', () => {
  let folder: string;
  let archive: FolderArchive;
  beforeEach(async () => {
    folder = join(await makeFolder(), 'archive');
    archive = new FolderArchive(folder);
  });
  archiveContract(async () => archive);

  test('only its owner can read the files, and nothing else is left behind', async () => {
    await archive.put('ada', block(0, 5), Buffer.from('a'));
    await archive.put('ada', block(0, 5), Buffer.from('a'));
    expect(await readdir(join(folder, 'ada'))).toEqual(['one-0-0.block']);
    expect((await stat(join(folder, 'ada'))).mode & 0o077).toBe(0);
    expect((await stat(join(folder, 'ada', 'one-0-0.block'))).mode & 0o077).toBe(0);
  });

  test('refuses ids that leave the folder', async () => {
    for (const id of ['../ada', '.', '', 'a/b']) {
      await expect(archive.put(id, block(0, 1), Buffer.from('x'))).rejects.toMatchObject({
        reason: 'archive_unavailable',
      });
    }
  });

  test('reads a description longer than a page', async () => {
    const info = { ...block(0, 5), seqs: Array.from({ length: 600 }, (_, at): [number, number] => [at * 2, at * 2]) };
    await archive.put('ada', info, Buffer.from('a'));
    expect(await archive.list('ada')).toEqual([info]);
    expect(String(await archive.read('ada', info))).toBe('a');
  });

  test('lists no folders and files of others, which a sweep would remove', async () => {
    await archive.put('session', block(0, 1), Buffer.from('x'));
    await mkdir(join(folder, 'dumps', 'old'), { recursive: true });
    await mkdir(join(folder, 'photos'));
    await writeFile(join(folder, 'photos', 'cat.jpg'), '');
    await writeFile(join(folder, 'README'), '');
    expect(await archive.sessions('', 10)).toEqual(['session']);
  });

  test('a page holds as many sessions as it may, however many folders of others come before them', async () => {
    for (const name of ['a', 'b', 'c']) await mkdir(join(folder, name, 'other'), { recursive: true });
    for (const id of ['b1', 'd', 'e']) await archive.put(id, block(0, 1), Buffer.from('x'));
    expect(await archive.sessions('', 2)).toEqual(['b1', 'd']);
    expect(await archive.sessions('d', 2)).toEqual(['e']);
  });

  test('what an interrupted write left is no block, and is erased with its session', async () => {
    await archive.put('ada', block(0, 1), Buffer.from('x'));
    const partial = '.0f8fad5b-d9cb-469f-a165-70867728950e';
    await writeFile(join(folder, 'ada', partial), '{"generation":"one"');
    await mkdir(join(folder, 'bob'));
    await writeFile(join(folder, 'bob', partial), '');
    await writeFile(join(folder, 'ada', '.DS_Store'), '');
    expect(await archive.list('ada')).toEqual([block(0, 1)]);
    expect(await archive.list('bob')).toEqual([]);
    expect(await archive.sessions('', 10)).toEqual(['ada', 'bob']);
    for (const id of ['ada', 'bob']) await archive.clear(id);
    expect(await readdir(folder)).toEqual([]);
  });

  test('one generation’s name may begin with another’s', async () => {
    await archive.put('ada', block(0, 1, 'a1'), Buffer.from('x'));
    await archive.put('ada', block(0, 1, 'a10'), Buffer.from('y'));
    await archive.clear('ada', 'a1');
    expect(await archive.list('ada')).toEqual([block(0, 1, 'a10')]);
  });

  test('a block that was erased after it was listed cannot be read', async () => {
    await archive.put('ada', block(0, 1), Buffer.from('x'));
    const [info] = await archive.list('ada');
    await archive.clear('ada');
    await expect(archive.read('ada', info!)).rejects.toMatchObject({ reason: 'archive_unavailable' });
  });

  test('reports a damaged file and a folder that cannot be used', async () => {
    await archive.put('ada', block(0, 5), Buffer.from('a'));
    await truncate(join(folder, 'ada', 'one-0-0.block'), 4);
    await expect(archive.list('ada')).rejects.toMatchObject({ reason: 'archive_unavailable' });
    const file = join(folder, 'a-file');
    await mkdir(folder, { recursive: true });
    await writeFile(file, '');
    await chmod(file, 0o600);
    await expect(new FolderArchive(file).check()).rejects.toMatchObject({ reason: 'archive_unavailable' });
  });
});
