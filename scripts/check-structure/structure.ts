import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderCycles } from './folder-cycles.ts';
import { lengthsOf, testRatios } from './lengths.ts';
import type { Lengths } from './lengths.ts';
import { crossPackageImports } from './package-imports.ts';
import { readSources } from './source-file.ts';
import { unusedExports } from './unused-exports.ts';

export interface Structure {
  /** Violations by rule. All must be empty. */
  violations: Record<string, string[]>;
  files: Lengths['files'];
  functions: Lengths['functions'];
  testRatios: Record<string, number>;
}

const isConfiguration = (path: string): boolean => /(?:^|\/)[\w.-]+\.config\.mjs$/.test(path);

const foldersAbove = (path: string): string[] => {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
};

/** Checks the repository in `root`. */
export const checkStructure = (root: string): Structure => {
  const files = readSources(root);
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const packages = new Set([...folders].filter((folder) => existsSync(join(root, folder, 'package.json'))));
  const { longFiles, longFunctions, ...lengths } = lengthsOf(files);
  const withSources = [...packages]
    .filter((name) => !name.startsWith('dev/') && existsSync(join(root, name, 'src')))
    .toSorted();
  return {
    violations: {
      'folder cycles': folderCycles(files).map((cycle) => cycle.toSorted().join(' ↔ ')),
      'relative imports across packages': crossPackageImports(files, packages),
      'unused exports': unusedExports(root),
      '.mjs outside configuration': files
        .map(({ path }) => path)
        .filter((path) => path.endsWith('.mjs') && !isConfiguration(path)),
      'overlong files': longFiles,
      'overlong functions': longFunctions,
    },
    ...lengths,
    testRatios: testRatios(files, withSources),
  };
};
