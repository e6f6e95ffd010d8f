import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { describeFile, verifyBackup } from './backup-format.ts';

let folder: string;
beforeEach(async () => {
  folder = await makeFolder();
  await mkdir(join(folder, 'dumps'));
  await writeFile(join(folder, 'records.db'), 'records');
  await writeFile(join(folder, 'dumps', 'a_frames.json'), '[]');
});
afterAll(removeFolders);

const writeManifest = async (changes: Record<string, unknown> = {}): Promise<void> => {
  const files = await Promise.all(['records.db', 'dumps/a_frames.json'].map((path) => describeFile(folder, path)));
  const created_at = '2026-01-05T09:00:00.000Z';
  const manifest = { format: 1, version: '1.0.0', created_at, records: 'sqlite', files, ...changes };
  await writeFile(join(folder, 'backup.json'), JSON.stringify(manifest));
};

test('a whole backup is accepted; files that it does not list are ignored', async () => {
  await writeManifest();
  await writeFile(join(folder, 'notes.txt'), '');
  expect((await verifyBackup(folder)).files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['records.db', 7],
    ['dumps/a_frames.json', 2],
  ]);
});

describe('a list of files is refused', () => {
  test.each(['../records.db', '/etc/passwd', 'dumps/../../x', 'dumps//x', 'dumps/..', ''])(
    'if it leads out of the folder: %j',
    async (path) => {
      await writeManifest({ files: [{ path, bytes: 0, sha256: '' }] });
      await expect(verifyBackup(folder)).rejects.toThrow(/backup\.json is invalid, or was written by a later version/);
    },
  );

  test.each([
    ['of a later format', { format: 2 }],
    ['of another database', { records: 'mysql' }],
    ['without files', { files: undefined }],
  ])('%s', async (_what, changes) => {
    await writeManifest(changes);
    await expect(verifyBackup(folder)).rejects.toMatchObject({ reason: 'bad_config' });
  });

  test.each(['', '{"format":1', 'no JSON'])('that was cut or is none: %j', async (text) => {
    await writeFile(join(folder, 'backup.json'), text);
    await expect(verifyBackup(folder)).rejects.toThrow(`${folder} is not a backup`);
  });

  test('of an interrupted backup, which has none yet', async () => {
    await writeManifest();
    await rm(join(folder, 'backup.json'));
    await writeFile(join(folder, 'backup.json.part'), '{}');
    await expect(verifyBackup(folder)).rejects.toThrow(`${folder} is not a backup`);
  });
});

test.each([
  ['has other bytes of the same number', 'is damaged', (path: string) => writeFile(path, 'recordS')],
  ['is empty', 'is damaged', (path: string) => writeFile(path, '')],
  ['is a folder', 'cannot be read', (path: string) => rm(path).then(() => mkdir(path))],
])('a backup is refused if a file %s', async (_what, state, change) => {
  await writeManifest();
  const path = join(folder, 'records.db');
  await change(path);
  await expect(verifyBackup(folder)).rejects.toThrow(`${path} ${state}; nothing was restored`);
});
