import { dirname } from 'node:path';
import type { SourceFile } from './source-file.ts';

const packageOf = (path: string, packages: ReadonlySet<string>): string => {
  let folder = dirname(path);
  while (folder !== '.' && !packages.has(folder)) folder = dirname(folder);
  return folder;
};

/** Relative imports whose target belongs to another package, as `file → target`. @param packages folders with a package.json */
export const crossPackageImports = (files: readonly SourceFile[], packages: ReadonlySet<string>): string[] =>
  files.flatMap(({ path, relativeImports }) =>
    relativeImports
      .filter((target) => packageOf(target, packages) !== packageOf(path, packages))
      .map((target) => `${path} → ${target}`),
  );
