import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareFolders } from './folders.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'invigil-folders-'));
  mkdirSync(join(home, 'models'));
  mkdirSync(join(home, 'site'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folders = (changes: Partial<Parameters<typeof prepareFolders>[0]> = {}) => ({
  dataDir: join(home, 'data'),
  dumpDir: join(home, 'dumps'),
  frameArchiveDir: null,
  modelsDir: join(home, 'models'),
  demoDir: join(home, 'site'),
  redisUrl: null,
  databaseUrl: null,
  ...changes,
});

describe('folders that the server writes to', () => {
  test('are created, at any depth, and hold nothing afterwards', () => {
    const deep = join(home, 'a', 'b', 'c');
    expect(prepareFolders(folders({ dumpDir: deep }))).toEqual([]);
    for (const folder of [deep, join(home, 'data')]) expect(readdirSync(folder)).toEqual([]);
  });

  test('may exist already, also behind a link, and keep their contents', () => {
    mkdirSync(join(home, 'real'));
    writeFileSync(join(home, 'real', 'kept'), '');
    symlinkSync(join(home, 'real'), join(home, 'link'));
    prepareFolders(folders({ dataDir: join(home, 'link') }));
    expect(readdirSync(join(home, 'real'))).toEqual(['kept']);
  });

  test('a file in their place is refused with the variable, its value and the reason', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(() => prepareFolders(folders({ dataDir: file }))).toThrow(
      `DATA_DIR is ${JSON.stringify(file)}; allowed: a folder that can be written to; not a folder`,
    );
  });

  test('a folder below a file, or below /proc, cannot be made', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(() => prepareFolders(folders({ dumpDir: join(file, 'below') }))).toThrow(/^DUMP_DIR is .*ENOTDIR/);
    expect(() => prepareFolders(folders({ dumpDir: '/proc/none' }))).toThrow(/cannot create it: E\w+/);
  });

  test('each of several is named', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    const both = folders({ dataDir: file, dumpDir: file });
    expect(() => prepareFolders(both)).toThrow(/^DATA_DIR is .*\nDUMP_DIR is /);
  });

  test('a data folder is not needed when Redis and Postgres keep everything', () => {
    const urls = { redisUrl: 'redis://r', databaseUrl: 'postgres://p' };
    prepareFolders(folders({ dataDir: '/proc/none', ...urls }));
    expect(existsSync(join(home, 'dumps'))).toBe(true);
    expect(() => prepareFolders(folders({ dataDir: '/proc/none', ...urls, redisUrl: null }))).toThrow(/^DATA_DIR/);
    expect(() => prepareFolders(folders({ dataDir: '/proc/none', ...urls, databaseUrl: null }))).toThrow(/^DATA_DIR/);
  });
});

describe('folders that the server only reads', () => {
  test('are listed if they are missing, and are not created', () => {
    const [models, site] = [join(home, 'no-models'), join(home, 'no-site')];
    expect(prepareFolders(folders({ modelsDir: models, demoDir: site }))).toEqual([
      { variable: 'MODELS_DIR', folder: models },
      { variable: 'DEMO_DIR', folder: site },
    ]);
    expect([existsSync(models), existsSync(site)]).toEqual([false, false]);
  });

  test('a file in their place counts as missing', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(prepareFolders(folders({ demoDir: file }))).toEqual([{ variable: 'DEMO_DIR', folder: file }]);
  });

  test.skipIf(process.getuid?.() === 0)('one that may not be read counts as missing', () => {
    chmodSync(join(home, 'site'), 0o000);
    expect(prepareFolders(folders())).toHaveLength(1);
    chmodSync(join(home, 'site'), 0o700);
  });
});
