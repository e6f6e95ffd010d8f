/**
 * Prepares what the tests need besides npm packages: Debian packages (installed through apt-get when root, otherwise listed with the
 * command that installs them), the model weights and the build.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { browserNames } from '@invigil/testkit/browser/browser-name';
import { missingPackages } from '@invigil/testkit/browser/installed-browsers';

const isOnPath = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const hasPostgresServer = (): boolean => {
  try {
    return readdirSync('/usr/lib/postgresql').some((version) =>
      existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
    );
  } catch {
    return isOnPath('initdb');
  }
};

interface DebianPackage {
  package: string;
  isInstalled: () => boolean;
}

const needs: readonly DebianPackage[] = [
  { package: 'redis-server', isInstalled: () => isOnPath('redis-server') },
  { package: 'postgresql', isInstalled: hasPostgresServer },
  { package: 'nats-server', isInstalled: () => isOnPath('nats-server') || existsSync('/usr/sbin/nats-server') },
  // Ceph, whose gateway is the S3-compatible server of the tests.
  { package: 'ceph-mon', isInstalled: () => isOnPath('ceph-mon') && isOnPath('ceph') },
  { package: 'ceph-osd', isInstalled: () => isOnPath('ceph-osd') },
  { package: 'radosgw', isInstalled: () => isOnPath('radosgw') },
  { package: 'ffmpeg', isInstalled: () => isOnPath('ffmpeg') },
  // promtool, which checks deploy/monitoring.
  { package: 'prometheus', isInstalled: () => isOnPath('promtool') },
  {
    // An independent WebSocket client for the conformance tests; installed for Debian's own Python.
    package: 'python3-websockets',
    isInstalled: () => spawnSync('/usr/bin/python3', ['-c', 'import websockets'], { stdio: 'ignore' }).status === 0,
  },
  {
    package: 'python3-skimage',
    isInstalled: () => existsSync('/usr/lib/python3/dist-packages/skimage/data/astronaut.png'),
  },
];

const commandFor = (packages: readonly string[]): string =>
  `apt-get install -y --no-install-recommends ${packages.join(' ')}`;

const isRoot = process.getuid?.() === 0;
const required = needs.filter((need) => !need.isInstalled()).map((need) => need.package);
required.push(...missingPackages('chromium'));
const missing = [...required];
for (const name of browserNames.filter((each) => each !== 'chromium')) {
  const packages = missingPackages(name);
  missing.push(...packages);
  if (packages.length > 0 && !isRoot)
    console.warn(`Tests in ${name} are skipped. Install it with:  sudo ${commandFor(packages)}`);
}
if (required.length > 0 && !isRoot) {
  console.error(`These packages are needed by the tests and are not installed: ${required.join(', ')}`);
  console.error(`Install them with:  sudo ${commandFor(required)}`);
  process.exit(1);
}
if (missing.length > 0 && isRoot) {
  const command = commandFor(missing);
  console.log(`Installing ${missing.join(', ')} (needed by the tests)…`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words: string[]): void => {
    const result = spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
    if (result.status !== 0) {
      console.error(`apt-get ${words[0]} failed. Install by hand:  ${command}`);
      process.exit(1);
    }
  };
  apt('update', '-q');
  apt('install', '-y', '-q', '--no-install-recommends', ...missing);
}

const root = fileURLToPath(new URL('..', import.meta.url));
for (const script of ['models', 'build']) {
  execFileSync('npm', ['run', '--silent', script], { cwd: root, stdio: 'inherit' });
}
