import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { createFakePackage } from './fake-package.ts';
import { startLoopbackRegistry } from './loopback-registry.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const loader = import.meta.resolve('@oxc-node/core/register');

/** A registry that refuses connections. */
export const closedRegistry = 'http://127.0.0.1:1/';

/** Runs the installer as a process, with its own folder, package and registry for each test. */
class Installer {
  readonly #children: ChildProcess[] = [];
  readonly folder: string;
  readonly package: Awaited<ReturnType<typeof createFakePackage>>;
  readonly registry: Awaited<ReturnType<typeof startLoopbackRegistry>>;

  constructor(folder: string, fake: Installer['package'], registry: Installer['registry']) {
    this.folder = folder;
    this.package = fake;
    this.registry = registry;
  }

  static async create(): Promise<Installer> {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-models-'));
    const fake = await createFakePackage(folder);
    const installer = new Installer(folder, fake, await startLoopbackRegistry(fake.source, fake.tarball));
    await installer.writeManifest();
    return installer;
  }

  /** Where the installer puts the weights. */
  get dir(): string {
    return join(this.folder, 'weights');
  }

  /** Writes the manifest of the package as the test has changed it. */
  writeManifest(): Promise<void> {
    return writeFile(join(this.folder, 'manifest.json'), JSON.stringify(this.package.manifest));
  }

  start(args: string[] = [], env: Record<string, string> = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^npm_|_proxy$|^INVIGIL_/i.test(name));
    const manifest = join(this.folder, 'manifest.json');
    const child = spawn(process.execPath, ['--import', loader, main, '--manifest', manifest, ...args], {
      cwd: this.folder,
      env: {
        ...Object.fromEntries(inherited),
        INVIGIL_MODELS_DIR: this.dir,
        npm_config_registry: this.registry.url,
        npm_config_cache: join(this.folder, 'npm-cache'),
        npm_config_userconfig: join(this.folder, 'no-npmrc'),
        ...env,
      },
    });
    this.#children.push(child);
    const run = { child, text: '', ended: once(child, 'close') };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        run.text += part;
      });
    }
    return run;
  }

  async install(...args: Parameters<Installer['start']>) {
    const run = this.start(...args);
    const [exitCode] = await run.ended;
    return { exitCode, text: run.text };
  }

  async expectRight(...names: string[]): Promise<void> {
    for (const name of names) {
      const installed = await readFile(join(this.dir, `${name}.bin`));
      assert(installed.equals(await readFile(join(this.folder, 'package/models', `${name}.bin`))), name);
    }
  }

  async partialBytes(): Promise<number> {
    const [name] = await readdir(join(this.dir, '.cache'));
    return (await stat(join(this.dir, '.cache', name ?? ''))).size;
  }

  /** Files in the weights folder, hidden ones too. */
  async fileNames(): Promise<string[]> {
    return (await readdir(this.dir)).toSorted();
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.registry.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** An installer for each test of the file; read its members inside a test only. */
export const useInstaller = (): Installer => {
  let current: Installer;
  beforeEach(async () => {
    current = await Installer.create();
  });
  afterEach(() => current.close());
  return new Proxy({} as Installer, {
    get: (_, name) => {
      const value = Reflect.get(current, name, current) as unknown;
      return typeof value === 'function' ? (value.bind(current) as unknown) : value;
    },
  });
};
