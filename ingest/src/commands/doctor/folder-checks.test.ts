import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { loadConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import { checkFolders, checkPages, checkWeights } from './folder-checks.ts';

let home: string;
beforeEach(async () => {
  home = await makeFolder();
});
afterAll(removeFolders);

const configOf = (changes: Record<string, string> = {}): Config =>
  loadConfig({
    DATA_DIR: join(home, 'data'),
    DUMP_DIR: join(home, 'dumps'),
    MODELS_DIR: join(home, 'models'),
    DEMO_DIR: join(home, 'site'),
    ...changes,
  });
const services = { REDIS_URL: 'redis://localhost', DATABASE_URL: 'postgres://localhost/x' };

describe('the folders', () => {
  test('are made, the archive’s too, and have nothing wrong', async () => {
    expect(checkFolders(configOf({ FRAME_ARCHIVE_DIR: join(home, 'shared', 'archive') }))).toEqual([]);
    expect(await readdir(join(home, 'shared', 'archive'))).toEqual([]);
  });

  test('that are files are each a fault of their setting', async () => {
    for (const name of ['dumps', 'archive']) await writeFile(join(home, name), '');
    const findings = checkFolders(configOf({ FRAME_ARCHIVE_DIR: join(home, 'archive') }));
    expect(findings.map(({ level, subject }) => [level, subject])).toEqual([
      ['error', 'DUMP_DIR'],
      ['error', 'FRAME_ARCHIVE_DIR'],
    ]);
    expect(findings[1]?.problem).toMatch(/not a folder$/);
  });

  test('below a file cannot be made', async () => {
    await writeFile(join(home, 'file'), '');
    expect(checkFolders(configOf({ FRAME_ARCHIVE_DIR: join(home, 'file', 'archive') }))).toMatchObject([
      { level: 'error', subject: 'FRAME_ARCHIVE_DIR', problem: expect.stringContaining('cannot create it: ENOTDIR') },
    ]);
  });

  test('of data may be unusable if Redis and Postgres hold everything', async () => {
    await writeFile(join(home, 'data'), '');
    expect(checkFolders(configOf(services))).toEqual([]);
    expect(checkFolders(configOf({ REDIS_URL: services.REDIS_URL }))).toMatchObject([{ subject: 'DATA_DIR' }]);
  });
});

describe('a damaged database', () => {
  beforeEach(async () => {
    await mkdir(join(home, 'data'));
    for (const name of ['records.db', 'frames.db'])
      await writeFile(join(home, 'data', name), 'no database '.repeat(500));
  });

  test.each([
    ['both are reported with the embedded stores', {}, ['records.db', 'frames.db']],
    ['that of frames does not matter with Redis', { REDIS_URL: services.REDIS_URL }, ['records.db']],
    ['that of records does not matter with Postgres', { DATABASE_URL: services.DATABASE_URL }, ['frames.db']],
    ['none matters with both', services, []],
  ])('%s', (_what, settings, damaged) => {
    expect(checkFolders(configOf(settings)).map(({ problem }) => problem)).toEqual(
      damaged.map((name) => `${join(home, 'data', name)} is damaged`),
    );
  });
});

describe('the weights', () => {
  const content = Buffer.from('weights');
  const entryOf = (file: string) => ({
    file,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  });
  const install = async (...files: string[]): Promise<void> => {
    await mkdir(join(home, 'models'), { recursive: true });
    for (const file of files) await writeFile(join(home, 'models', file), content);
    const models = files.map((file) => ({ files: [entryOf(file)] }));
    await writeFile(join(home, 'models', 'manifest.json'), JSON.stringify({ models }));
  };
  const problems = async (): Promise<string[]> =>
    (await checkWeights(configOf())).map(({ level, problem }) => `${level}: ${problem.replace(home, '')}`);

  test('as they were installed are good', async () => {
    await install('a.bin', 'b.bin');
    expect(await problems()).toEqual([]);
  });

  test('that are missing are only a warning, because they may be hosted elsewhere; changed ones are a fault', async () => {
    await install('a.bin', 'b.bin', 'c.bin');
    await rm(join(home, 'models', 'a.bin'));
    await writeFile(join(home, 'models', 'b.bin'), 'wEights');
    await writeFile(join(home, 'models', 'c.bin'), 'weight');
    expect(await problems()).toEqual([
      'warning: /models/a.bin is missing',
      'error: /models/b.bin is damaged',
      'error: /models/c.bin is damaged',
    ]);
  });

  test.each([
    ['no JSON', '{'],
    ['another shape', '{"models":{}}'],
    ['a file without a hash', '{"models":[{"files":[{"file":"a.bin","bytes":7}]}]}'],
    ['nothing', ''],
  ])('whose manifest has %s are a fault', async (_what, manifest) => {
    await install();
    await writeFile(join(home, 'models', 'manifest.json'), manifest);
    expect(await problems()).toEqual([expect.stringMatching(/^error: \/models\/manifest\.json is invalid: ./)]);
  });
});

test('pages are missing until the first page exists, whatever else the folder has', async () => {
  await mkdir(join(home, 'site'));
  await writeFile(join(home, 'site', 'app.js'), '');
  expect(await checkPages(configOf())).toMatchObject([{ level: 'error', subject: 'DEMO_DIR' }]);
  await writeFile(join(home, 'site', 'index.html'), '');
  await chmod(join(home, 'site', 'index.html'), 0o444);
  expect(await checkPages(configOf())).toEqual([]);
});
