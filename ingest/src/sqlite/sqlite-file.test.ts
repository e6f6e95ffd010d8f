import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SqliteFile } from './sqlite-file.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let folder: string;
let path: string;
let file: SqliteFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-sqlite-'));
  path = join(folder, 'data', 'some.db');
  file = new SqliteFile(path);
  file.db.exec('CREATE TABLE notes (text TEXT)');
});
afterEach(async () => {
  await file.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (text: string): void => void file.db.prepare('INSERT INTO notes VALUES (?)').run(text);
const texts = (db = file.db): string[] =>
  (db.prepare('SELECT text FROM notes ORDER BY text').all() as { text: string }[]).map(({ text }) => text);

test('commits made during a sync share the next one', async () => {
  write('a');
  const first = file.synced();
  await Promise.resolve();
  write('b');
  const second = file.synced();
  write('c');
  expect(file.synced()).toBe(second);
  expect(second).not.toBe(first);
  await second;
  expect(texts()).toEqual(['a', 'b', 'c']);
});

test('writers that keep the disk busy rest between two syncs; one that waits for each of its commits does not', async () => {
  let rests = 0;
  let wake: () => void = () => undefined;
  const rest = (): Promise<void> => {
    rests += 1;
    return new Promise((resolve) => (wake = resolve));
  };
  const resting = new SqliteFile(join(folder, 'resting.db'), { rest });
  resting.db.exec('CREATE TABLE notes (text TEXT)');
  const first = resting.synced();
  await Promise.resolve();
  const second = resting.synced();
  await first;
  await waitUntil(() => rests === 1);
  // A commit during the rest shares the sync after it.
  expect(resting.synced()).toBe(second);
  wake();
  await second;
  await resting.synced();
  await resting.synced();
  expect(rests).toBe(1);
  await resting.close();
});

test('what was synced is in the files, without the writer', async () => {
  write('a');
  await file.synced();
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, join(folder, `copy.db${suffix}`));
  const copy = new SqliteFile(join(folder, 'copy.db'));
  expect(texts(copy.db)).toEqual(['a']);
  await copy.close();
});

test('emptying the log removes deleted data from the files', async () => {
  write('a secret answer');
  await file.synced();
  const isKept = (): boolean => [path, `${path}-wal`].some((each) => readFileSync(each).includes('a secret answer'));
  expect(isKept()).toBe(true);
  file.db.exec('DELETE FROM notes');
  await file.emptyLog();
  expect(isKept()).toBe(false);
  expect(statSync(`${path}-wal`).size).toBe(0);
});

test('emptying the log lets others write meanwhile, and waits for an open transaction', async () => {
  const isGone = () => [path, `${path}-wal`].every((each) => !readFileSync(each).includes('a secret answer'));
  write('a secret answer');
  file.db.exec('DELETE FROM notes');
  const emptied = file.emptyLog();
  let written = 0;
  while (!isGone()) {
    file.db.exec('BEGIN');
    write(`note ${(written += 1)}`);
    await new Promise((resolve) => setImmediate(resolve));
    file.db.exec('COMMIT');
    file.written();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await emptied;
  expect(written).toBeGreaterThan(0);
  expect(texts()).toHaveLength(written);
});

test('a reader, such as a backup, delays emptying the log until it has finished', async () => {
  write('a secret answer');
  const reader = new Database(path);
  reader.exec('BEGIN');
  expect(texts(reader)).toEqual(['a secret answer']);
  file.db.exec('DELETE FROM notes');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await file.emptyLog();
    expect(texts(reader)).toEqual(['a secret answer']);
    expect(readFileSync(`${path}-wal`).includes('a secret answer')).toBe(true);
    reader.exec('COMMIT');
    vi.advanceTimersByTime(5000);
  } finally {
    vi.useRealTimers();
    reader.close();
  }
  await waitUntil(() => statSync(`${path}-wal`).size === 0, { timeout: 20_000 });
  for (const each of [path, `${path}-wal`]) expect(readFileSync(each).includes('a secret answer')).toBe(false);
  expect(file.db.prepare('PRAGMA busy_timeout').get()).toMatchObject({ timeout: 2000 });
});

test('a sync that fails is reported, and later syncs try again', async () => {
  rmSync(`${path}-wal`);
  write('a');
  await expect(file.synced()).rejects.toMatchObject({ code: 'ENOENT' });
  writeFileSync(`${path}-wal`, '');
  await file.synced();
});

test('closing waits for a sync in progress and can be repeated', async () => {
  write('a');
  const synced = file.synced();
  await file.close();
  await expect(synced).resolves.toBeUndefined();
  await file.close();
});
