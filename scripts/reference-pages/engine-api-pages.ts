import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryFolder } from '@invigil/testkit/repository';
import { code, generatedFrom } from './markdown.ts';

/** Page name and import path of each entry point of the engine. */
const entryPoints = [
  { source: 'index', page: 'engine', importPath: '@invigil/engine' },
  { source: 'element', page: 'element', importPath: '@invigil/engine/element' },
  { source: 'i18n', page: 'i18n', importPath: '@invigil/engine/i18n' },
] as const;

const typedocOptions = (out: string): object => ({
  entryPoints: entryPoints.map(({ source }) => join(repositoryFolder, `engine/src/${source}.ts`)),
  tsconfig: join(repositoryFolder, 'engine/tsconfig.json'),
  // The repository compiles with TypeScript 7; this TypeScript 5 only prints.
  skipErrorChecking: true,
  plugin: [createRequire(join(repositoryFolder, 'dev/tools/package.json')).resolve('typedoc-plugin-markdown')],
  out,
  router: 'module',
  readme: 'none',
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeProtected: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  sort: ['source-order'],
  logLevel: 'Error',
});

/** TypeDoc needs TypeScript 5, which `dev/tools` installs beside it. */
const runTypedoc = (folder: string): void => {
  const fromTools = createRequire(join(repositoryFolder, 'dev/tools/package.json'));
  const program = join(dirname(fromTools.resolve('typedoc/package.json')), 'bin/typedoc');
  const optionsFile = join(folder, 'typedoc.json');
  writeFileSync(optionsFile, JSON.stringify(typedocOptions(join(folder, 'out'))));
  execFileSync(process.execPath, [program, '--options', optionsFile], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

const readmeText = `# API reference

| module | page |
|---|---|
${entryPoints.map(({ page, importPath }) => `| ${code(importPath)} | [${page}](${page}.md) |`).join('\n')}
| ${code('@invigil/protocol/client')} | [http](http.md) |
`;

/** The pages of docs/reference/api that describe the engine's public types, by file name. */
export const engineApiPages = (): Map<string, string> => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-docs-'));
  try {
    runTypedoc(folder);
    const pages = entryPoints.map(({ source, page, importPath }): [string, string] => {
      const text = readFileSync(join(folder, 'out', `${source}.md`), 'utf8')
        .replace(/^# .*$/m, `# ${importPath}\n\n${generatedFrom(code(`engine/src/${source}.ts`))}`)
        .replaceAll('(index.md', '(engine.md');
      return [`${page}.md`, text];
    });
    return new Map([['README.md', readmeText], ...pages]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
