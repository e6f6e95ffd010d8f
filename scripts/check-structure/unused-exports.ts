import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

interface KnipIssue {
  file: string;
  exports?: { name: string }[];
  types?: { name: string }[];
}

/** Exports that no other file uses, as `file: name`. Found by knip with the configuration in `root`. */
export const unusedExports = (root: string): string[] => {
  const knip = join(dirname(createRequire(import.meta.url).resolve('knip')), '../bin/knip.js');
  const words = ['--include', 'exports,types', '--reporter', 'json', '--no-progress', '--no-config-hints'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [knip, ...words], { cwd: root, encoding: 'utf8' });
  // 0: no unused exports. 1: some.
  if (status !== 0 && status !== 1) throw new Error(`knip failed (${status}):\n${stderr || stdout}`);
  const { issues } = JSON.parse(stdout) as { issues: KnipIssue[] };
  return issues.flatMap(({ file, exports = [], types = [] }) =>
    [...exports, ...types].map(({ name }) => `${file}: ${name}`),
  );
};
