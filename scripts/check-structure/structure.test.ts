import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkStructure } from './structure.ts';

let root: string;

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'invigil-structure-'));
  execFileSync('git', ['init', '-q'], { cwd: root });
  write('package.json', '{"name":"root","private":true,"type":"module","workspaces":["one","two"]}');
  for (const name of ['one', 'two']) {
    write(`${name}/package.json`, `{"name":"${name}","type":"module","exports":"./src/index.ts"}`);
    write(`${name}/src/index.ts`, "import { a } from './a/a.ts';\nconsole.log(a);\n");
    write(`${name}/src/a/a.ts`, 'export const a = 1;\n');
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The rules that are broken, with the number of violations. */
const broken = (minTestRatios: Record<string, number> = {}): Record<string, number> =>
  Object.fromEntries(
    Object.entries(checkStructure(root, minTestRatios).violations)
      .filter(([, found]) => found.length > 0)
      .map(([rule, found]) => [rule, found.length]),
  );

test('a repository in order has no violation', () => {
  expect(broken()).toEqual({});
});

test('finds folders that depend on each other through different files', () => {
  write('one/src/a/a.ts', "import { c } from '../b/c.ts';\nexport const a = c;\n");
  write('one/src/b/c.ts', 'export const c = 1;\n');
  write('one/src/b/b.ts', "import { d } from '../a/d.ts';\nexport const b = d;\n");
  write('one/src/a/d.ts', 'export const d = 1;\n');
  write('one/src/index.ts', "import { a } from './a/a.ts';\nimport { b } from './b/b.ts';\nconsole.log(a, b);\n");
  expect(broken()).toEqual({ 'folder cycles': 1 });
});

test('finds a relative import of another package', () => {
  write(
    'one/src/index.ts',
    "import { a } from './a/a.ts';\nimport { a as b } from '../../two/src/a/a.ts';\nconsole.log(a, b);\n",
  );
  expect(broken()).toEqual({ 'relative imports across packages': 1 });
});

test('finds an export that no file uses', () => {
  write('one/src/a/a.ts', 'export const a = 1;\nexport const unused = 2;\n');
  expect(broken()).toEqual({ 'unused exports': 1 });
});

test('finds JavaScript that is not configuration', () => {
  write('one/build.config.mjs', 'export default {};\n');
  write('one/src/tool.mjs', 'console.log(1);\n');
  expect(broken()).toEqual({ '.mjs outside configuration': 1 });
});

test('finds files and functions that are too long', () => {
  write('one/src/index.ts', `import { a } from './a/a.ts';\nconsole.log(a);\n${'\n// line'.repeat(300)}\n`);
  write('two/src/a/a.ts', `export const a = () => {\n${'  console.log(1);\n'.repeat(80)}};\n`);
  expect(broken()).toEqual({ 'overlong files': 1, 'overlong functions': 1 });
});

test('finds a package with too few lines of tests', () => {
  write('one/src/a/a.test.ts', "import { a } from './a.ts';\nconsole.log(a);\nconsole.log(a + 1);\n");
  expect(broken({ one: 1 })).toEqual({});
  expect(broken({ one: 1.1, two: 0 })).toEqual({ 'too few test lines': 1 });
  expect(broken({ one: 1, two: 0.1 })).toEqual({ 'too few test lines': 1 });
});
