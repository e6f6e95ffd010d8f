import { isGenerated, isTest, isTexts } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

const longestFileLines = 300;
const longestFunctionLines = 80;

export interface Lengths {
  /** Files over the limit, as `path: lines`. Generated files and tests do not count. */
  longFiles: string[];
  /** Functions over the limit, as `path:line: lines`. */
  longFunctions: string[];
  files: { median: number; p90: number };
  functions: { median: number; p90: number };
}

/** Nearest rank; 0 for an empty list. */
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;

const summary = (values: readonly number[]) => ({ median: percentile(values, 0.5), p90: percentile(values, 0.9) });

export const lengthsOf = (all: readonly SourceFile[]): Lengths => {
  const files = all.filter(({ path }) => !isTest(path) && !isGenerated(path));
  return {
    longFiles: files.filter(({ lines }) => lines > longestFileLines).map(({ path, lines }) => `${path}: ${lines}`),
    longFunctions: files.flatMap(({ path, functions }) =>
      functions
        .filter(({ lines }) => lines > longestFunctionLines)
        .map(({ line, lines }) => `${path}:${line}: ${lines}`),
    ),
    files: summary(files.map(({ lines }) => lines)),
    functions: summary(files.flatMap(({ functions }) => functions.map(({ lines }) => lines))),
  };
};

/** Lines of tests for each line of source, by package. Tests are `*.test.ts` and everything under `test/`; texts count as neither. */
export const testRatios = (all: readonly SourceFile[], packages: readonly string[]): Record<string, number> => {
  const lines = (files: readonly SourceFile[]): number => files.reduce((total, { lines: count }) => total + count, 0);
  return Object.fromEntries(
    packages.map((name) => {
      const own = all.filter(({ path }) => path.startsWith(`${name}/`) && !isGenerated(path) && !isTexts(path));
      const tests = own.filter(({ path }) => isTest(path));
      return [name, Number((lines(tests) / Math.max(1, lines(own) - lines(tests))).toFixed(2))];
    }),
  );
};
