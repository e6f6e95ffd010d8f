import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const maxInstalledBytes = 15_000_000;

const consumer = `
import { createProctor, ProctorError, type Proctor, type ProctorState } from '@invigil/engine';
import '@invigil/engine/element';
import { observationTexts } from '@invigil/engine/i18n';
import type { InvigilProctor, Stage } from '@invigil/engine/element';

export const begin = async (): Promise<ProctorState['state']> => {
  const proctor: Proctor = createProctor({ serverUrl: 'https://proctor.example.edu', sessionId: 'one' });
  proctor.on('observation', ({ observation }) => console.log(observationTexts.de.names[observation.type]));
  proctor.on('frame', ({ seq, no_of_face }) => console.log(seq + 1, no_of_face));
  proctor.on('error', (error) => console.log(error instanceof ProctorError, error.reason));
  await proctor.start();
  return proctor.state.state;
};

export const element: InvigilProctor = document.createElement('invigil-proctor');
element.addEventListener('invigil-stage', ({ detail }: CustomEvent<Stage>) => console.log(detail.stage));
// @ts-expect-error: unknown options are refused
createProctor({ serverUrl: '', sessionId: '', colour: 'red' });
`;

const compilerOptions = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  target: 'ES2023',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  types: [],
};

const bytesIn = async (folder: string): Promise<number> => {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
};

/** Needs `npm run build`. */
describe('the packed packages in an empty folder', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-consumer-'));
    const tarballs: string[] = [];
    for (const workspace of ['protocol', 'engine']) {
      const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '-w', workspace];
      const { stdout } = await run('npm', args, { cwd: repository });
      const [packed] = JSON.parse(stdout) as { filename: string }[];
      tarballs.push(join(folder, packed?.filename ?? ''));
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder });
  }, 120_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('install less than 15 MB', async () => {
    const bytes = await bytesIn(join(folder, 'node_modules'));
    console.log(`node_modules of a consumer: ${(bytes / 1e6).toFixed(1)} MB`);
    expect(bytes).toBeLessThan(maxInstalledBytes);
  });

  test.each(['@invigil/engine', '@invigil/engine/element', '@invigil/engine/i18n'])(
    '%s can be imported in Node, without a DOM',
    async (name) => {
      const script = `console.log(Object.keys(await import('${name}')).length > 0)`;
      const { stdout } = await run('node', ['--input-type=module', '-e', script], { cwd: folder });
      expect(stdout.trim()).toBe('true');
    },
  );

  test('compile in a strict project that checks its libraries', async () => {
    await writeFile(join(folder, 'consumer.ts'), consumer);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
    const tsc = join(repository, 'node_modules/.bin/tsc');
    const { stdout } = await run(tsc, ['-p', folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });

  test.each(['engine', 'protocol'])('%s has every source map that its modules name', async (name) => {
    const dist = join(folder, 'node_modules/@invigil', name, 'dist');
    const names = await readdir(dist, { recursive: true });
    const missing: string[] = [];
    for (const module of names.filter((file) => file.endsWith('.js'))) {
      const map = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(await readFile(join(dist, module), 'utf8'))?.[1];
      if (map !== undefined && !names.includes(join(module, '..', map))) missing.push(`${module}: ${map}`);
    }
    expect(missing).toEqual([]);
  });

  test('come with a readme, a licence, and source maps of their own sources', async () => {
    const engine = join(folder, 'node_modules/@invigil/engine');
    const names = await readdir(engine);
    expect(names).toEqual(expect.arrayContaining(['README.md', 'LICENSE']));
    const map = JSON.parse(await readFile(join(engine, 'dist/browser/element.js.map'), 'utf8')) as {
      sources: string[];
      sourcesContent: (string | null)[];
    };
    const own = map.sources.findIndex((source) => source.endsWith('src/element.ts'));
    expect(map.sourcesContent[own]).toContain('invigil-proctor');
    const { repository: address, dependencies } = JSON.parse(await readFile(join(engine, 'package.json'), 'utf8')) as {
      repository: { url: string };
      dependencies: Record<string, string>;
    };
    expect(address.url).toContain('github.com/invigil/invigil');
    expect(Object.keys(dependencies)).toEqual(['@invigil/protocol']);
  });
});
