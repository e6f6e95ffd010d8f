import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryFolder } from '@invigil/testkit/repository';

const run = promisify(execFile);

const pack = async (workspace: string, folder: string): Promise<string> => {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, '-w', workspace];
  const { stdout } = await run('npm', args, { cwd: repositoryFolder });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm packed nothing for ${workspace}`);
  return join(folder, packed.filename);
};

interface Manifest {
  dependencies: Record<string, string>;
}

/** A copy of an example in a folder of its own, installed from tarballs, as an outside developer would. */
const install = async (name: string, folder: string, tarballs: Record<string, string>): Promise<string> => {
  const target = join(folder, name);
  await cp(join(repositoryFolder, 'examples', name), target, {
    recursive: true,
    filter: (path) => !/node_modules|\/(dist|\.next)(\/|$)/.test(path.slice(repositoryFolder.length)),
  });
  const file = join(target, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
  for (const [dependency, tarball] of Object.entries(tarballs)) {
    if (dependency in manifest.dependencies) manifest.dependencies[dependency] = `file:${tarball}`;
  }
  await writeFile(file, JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: target });
  return target;
};

export interface PackedExamples {
  folder: string;
  /** Compiled, with its dependencies. */
  examServer: string;
  /** With the engine's files under `invigil`, copied by the package's own command. */
  plainPage: string;
  /** The built site. */
  react: string;
  /** Built, with its dependencies. */
  next: string;
}

/** Packs protocol and engine, installs the examples from the tarballs and builds them. Needs `npm run build`. */
export const packExamples = async (proctorUrl: string): Promise<PackedExamples> => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-examples-'));
  const tarballs = {
    '@invigil/protocol': await pack('protocol', folder),
    '@invigil/engine': await pack('engine', folder),
  };
  const built = async (name: string): Promise<string> => {
    const target = await install(name, folder, tarballs);
    await run('npm', ['run', 'build'], { cwd: target, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } });
    return target;
  };
  const [examServer, react, next] = await Promise.all([built('exam-server'), built('react'), built('next')]);
  const plainPage = join(folder, 'plain-page');
  await cp(join(repositoryFolder, 'examples/plain-page'), plainPage, { recursive: true });
  await run('npx', ['invigil-assets', join(plainPage, 'invigil'), '--server', proctorUrl], { cwd: react });
  return { folder, examServer, plainPage, react: join(react, 'dist/site'), next };
};
