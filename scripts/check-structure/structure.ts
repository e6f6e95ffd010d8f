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

/** The minimum number of test lines for each line of source. A package that is not listed has no minimum. */
const repositoryTestRatios: Record<string, number> = { protocol: 1, ingest: 1, engine: 0.75, demo: 0.58, models: 0.4 };

const isConfiguration = (path: string): boolean => /(?:^|\/)[\w.-]+\.config\.mjs$/.test(path);

const foldersAbove = (path: string): string[] => {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
};

/** Checks the repository in `root`. @param minTestRatios by package */
export const checkStructure = (
  root: string,
  minTestRatios: Readonly<Record<string, number>> = repositoryTestRatios,
): Structure => {
  const files = readSources(root);
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const packages = new Set([...folders].filter((folder) => existsSync(join(root, folder, 'package.json'))));
  const { longFiles, longFunctions, ...lengths } = lengthsOf(files);
  const withSources = [...packages]
    .filter((name) => !name.startsWith('dev/') && existsSync(join(root, name, 'src')))
    .toSorted();
  const ratios = testRatios(files, withSources);
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
      'too few test lines': Object.entries(ratios)
        .filter(([name, ratio]) => ratio < (minTestRatios[name] ?? 0))
        .map(([name, ratio]) => `${name}: ${ratio} a line of source, at least ${minTestRatios[name]}`),
    },
    ...lengths,
    testRatios: ratios,
  };
};
