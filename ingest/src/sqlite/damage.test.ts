import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isDamaged, moveAside } from './damage.ts';
import { SqliteFile } from './sqlite-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-damage-'));
  path = join(folder, 'some.db');
  const file = new SqliteFile(path);
  file.db.exec('CREATE TABLE notes (text TEXT)');
  file.db.exec(
    `INSERT INTO notes VALUES ${Array<string>(500)
      .fill(`('${'x'.repeat(100)}')`)
      .join(', ')}`,
  );
  await file.emptyLog();
  await file.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a whole file and a missing file are not damaged', () => {
  expect(isDamaged(path)).toBe(false);
  expect(isDamaged(join(folder, 'none.db'))).toBe(false);
});

test.each([
  ['other content', () => writeFileSync(path, 'this is no database '.repeat(500))],
  ['the end cut off', () => truncateSync(path, 20_480)],
  [
    'bytes overwritten in the middle',
    () => {
      const bytes = readFileSync(path);
      bytes.fill(0xff, 8192, 16_384);
      writeFileSync(path, bytes);
    },
  ],
])('a file with %s is damaged', (_name, damage) => {
  damage();
  expect(isDamaged(path)).toBe(true);
});

test('a damaged file is kept under another name', () => {
  writeFileSync(path, 'this is no database '.repeat(500));
  moveAside(path, 5);
  const names = readdirSync(folder);
  expect(names).toContain('some.db.damaged-5');
  expect(names.filter((name) => !name.startsWith('some.db.damaged-5'))).toEqual([]);
  expect(isDamaged(path)).toBe(false);
});

test('a file that was removed, or replaced, while it is open is reported', async () => {
  const file = new SqliteFile(path);
  expect(file.problem()).toBeNull();
  rmSync(path);
  expect(file.problem()).toBe('some.db was removed');
  writeFileSync(path, '');
  expect(file.problem()).toBe('some.db was removed');
  await file.close();
});

test('damage that an operation meets is reported from then on', async () => {
  const file = new SqliteFile(path);
  file.noteFailure(new Error('disk I/O error'));
  expect(file.problem()).toBeNull();
  file.noteFailure(Object.assign(new Error('database disk image is malformed'), { code: 'SQLITE_CORRUPT' }));
  expect(file.problem()).toBe('some.db is damaged');
  await file.close();
});
