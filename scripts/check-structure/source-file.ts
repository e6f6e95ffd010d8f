import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** A file of the repository, with the parts of its syntax that the checks read. */
export interface SourceFile {
  /** Relative to the repository's root, with `/`. */
  path: string;
  lines: number;
  /** Relative imports, exports from other files and `import()`, resolved to paths from the root. */
  relativeImports: string[];
  functions: { line: number; lines: number }[];
}

const codeFile = /\.(?:ts|tsx|mts|mjs)$/;
const generatedFiles = new Set(['protocol/src/client/api-types.ts', 'ingest/src/openapi/recorded-examples.ts']);

export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || /(?:^|\/)(?:test|testing|testkit|e2e)\//.test(path) || path.endsWith('/src/testing.ts');

/** Texts in several languages: sentences, not behaviour. Tests compare the languages with each other. */
export const isTexts = (path: string): boolean => /(?:^|[/-])texts(?:-[a-z]{2})?\.ts$/.test(path);

export const isGenerated = (path: string): boolean => generatedFiles.has(path);

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const readSource = (root: string, path: string): SourceFile => {
  const text = readFileSync(join(root, path), 'utf8');
  const { program } = parseSync(path, text);
  const specifiers: string[] = [];
  const functions: SourceFile['functions'] = [];
  const measure = ({ start, end }: { start: number; end: number }): void => {
    const line = lineOf(text, start);
    functions.push({ line, lines: lineOf(text, end) - line + 1 });
  };
  const note = ({ source }: { source: { value?: unknown } | null }): void => {
    if (typeof source?.value === 'string' && source.value.startsWith('.')) specifiers.push(source.value);
  };
  new Visitor({
    ImportDeclaration: note,
    ExportNamedDeclaration: note,
    ExportAllDeclaration: note,
    ImportExpression: (node) => note(node as { source: { value?: unknown } }),
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    relativeImports: specifiers.map((specifier) => posix.normalize(posix.join(dirname(path), specifier))),
    functions,
  };
};

/** All code that git tracks or would add. */
export const readSources = (root: string): SourceFile[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((path) => codeFile.test(path) && existsSync(join(root, path)))
    .map((path) => readSource(root, path));
