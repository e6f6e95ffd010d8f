import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serveFolders } from '@invigil/testkit/server/file-server';
import { AssetsError } from './assets-error.ts';
import { checkFolder } from './check-folder.ts';
import { writeChecksums } from './checksums.ts';
import { copyModules } from './copy-modules.ts';
import { copyWeights } from './copy-weights.ts';
import { hostingAdvice } from './hosting-advice.ts';
import { readArguments } from './read-arguments.ts';

let folder: string;
let source: string;
let target: string;

const put = async (path: string, content: string): Promise<void> => {
  await mkdir(join(source, path, '..'), { recursive: true });
  await writeFile(join(source, path), content);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-assets-test-'));
  source = join(folder, 'source');
  target = join(folder, 'target');
  await put('element.js', 'element');
  await put('assets/worker-1.js', 'worker');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = (content: string, name = 'net.bin'): string =>
  JSON.stringify({
    models: [
      {
        files: [{ file: name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }],
      },
    ],
  });

describe('the arguments', () => {
  test('give a folder, the origin of the server and the source of the weights', () => {
    const args = ['public/invigil', '--server', 'https://proctor.example.edu/', '--models', './weights'];
    expect(readArguments(args)).toEqual({
      folder: 'public/invigil',
      server: 'https://proctor.example.edu',
      models: './weights',
      check: false,
    });
  });

  test.each([
    [[], 'a folder is missing'],
    [['one', 'two'], 'one folder only, not also two'],
    [['one', '--sever', 'x'], "Unknown option '--sever'"],
    [['one', '--server', 'proctor.example.edu'], 'must be an origin such as'],
    [['one', '--server', 'https://proctor.example.edu/path'], 'must be an origin such as'],
    [['one', '--server', 'ftp://proctor.example.edu'], 'must be an origin such as'],
  ])('%j are refused: %s', (args, reason) => {
    expect(() => readArguments(args)).toThrow(reason);
    expect(() => readArguments(args)).toThrow(expect.objectContaining({ isUsage: true }));
  });
});

describe('the copy of the modules', () => {
  test('matches its checksums, and sha256sum agrees', async () => {
    expect(await copyModules(target, source)).toEqual({ files: 2, bytes: 13 });
    await writeChecksums(target);
    expect(await checkFolder(target)).toBe(2);
    const { stdout } = await promisify(execFile)('sha256sum', ['--check', 'checksums.sha256'], { cwd: target });
    expect(stdout).toContain('assets/worker-1.js: OK');
  });

  test('replaces an earlier version as a whole', async () => {
    await copyModules(target, source);
    await writeChecksums(target);
    await rm(join(source, 'assets/worker-1.js'));
    await put('assets/worker-2.js', 'newer');
    await copyModules(target, source);
    await writeChecksums(target);
    expect(await checkFolder(target)).toBe(2);
    expect(await readFile(join(target, 'assets/worker-2.js'), 'utf8')).toBe('newer');
  });

  test('removes every file of an earlier version, and can be repeated after a failure', async () => {
    await put('old.js', 'old');
    await copyModules(target, source);
    await rm(join(source, 'old.js'));
    // Nothing more was written: the weights could not be read.
    await copyModules(target, source);
    expect(await checkFolder(target)).toBe(2);
  });

  test('refuses a folder with foreign files, and leaves them unchanged', async () => {
    await mkdir(join(target, 'assets'), { recursive: true });
    await writeFile(join(target, 'assets/logo.svg'), 'logo');
    await expect(copyModules(target, source)).rejects.toThrow('did not write');
    expect(await readFile(join(target, 'assets/logo.svg'), 'utf8')).toBe('logo');
  });

  test('names every file that differs, is missing or is not in the list', async () => {
    await copyModules(target, source);
    await put('more.js', 'more');
    await copyModules(join(folder, 'other'), source);
    await writeChecksums(target);
    await writeFile(join(target, 'element.js'), 'changed');
    await rm(join(target, 'assets/worker-1.js'));
    await writeFile(join(target, 'new.js'), 'new');
    const checked = checkFolder(target).catch((error: Error) => error.message);
    expect(await checked).toContain('element.js: differs');
    expect(await checked).toContain('assets/worker-1.js: missing');
    expect(await checked).toContain('new.js: not in the list');
  });

  test('reports missing checksums', async () => {
    await expect(checkFolder(source)).rejects.toThrow('has no checksums.sha256');
  });
});

describe('the copy of the weights', () => {
  test('comes from a folder or from an address', async () => {
    await put('manifest.json', manifest('weights'));
    await put('net.bin', 'weights');
    const server = await serveFolders({ '/models/': source });
    try {
      for (const from of [source, `${server.url}models/`, `${server.url}models`]) {
        const names: string[] = [];
        expect(await copyWeights(from, target, (name) => names.push(name))).toMatchObject({ files: 2 });
        expect(names).toEqual(['net.bin']);
        expect(await readFile(join(target, 'models/net.bin'), 'utf8')).toBe('weights');
        await rm(target, { recursive: true });
      }
    } finally {
      await server.close();
    }
  });

  test.each([
    ['a file that differs from the manifest', manifest('weights'), 'Weights', 'differs from its manifest'],
    ['a shorter file', manifest('weights'), 'weight', 'differs from its manifest'],
    ['a file outside of the folder', manifest('weights', '../net.bin'), 'weights', 'outside of its folder'],
    ['a manifest that is none', '{}', 'weights', 'no manifest.json of model weights'],
    ['a page instead of a manifest', '<html>', 'weights', 'no manifest.json of model weights'],
  ])('refuses %s', async (_what, list, content, reason) => {
    await put('manifest.json', list);
    await put('net.bin', content);
    const copied = copyWeights(source, target, () => undefined);
    await expect(copied).rejects.toThrow(reason);
    await expect(copied).rejects.toBeInstanceOf(AssetsError);
    await expect(readFile(join(target, 'models/net.bin'))).rejects.toThrow('ENOENT');
  });

  test('names unreadable files', async () => {
    await expect(copyWeights(source, target, () => undefined)).rejects.toThrow(
      `cannot read manifest.json from ${source}`,
    );
  });
});

test('the printed policy allows the server and its sockets, and nothing inline', () => {
  const advice = hostingAdvice({ server: 'https://proctor.example.edu', models: null });
  expect(advice).toContain("connect-src 'self' https://proctor.example.edu wss://proctor.example.edu;");
  expect(advice).not.toContain('unsafe-inline');
  expect(advice).not.toContain('models-url');
  expect(hostingAdvice({ server: null, models: 'x' })).toContain('models-url="/invigil/models/"');
});
