/** Generates the typed client from the OpenAPI document. `--check` lints both API documents and fails if the client is out of date. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asyncapiDocument, openapiDocument } from '@invigil/ingest/testing';

const root = fileURLToPath(new URL('..', import.meta.url));
const clientFile = 'protocol/src/client/api-types.ts';

/** The part of openapi-typescript that is used here. Its own types need TypeScript 5. */
interface OpenapiTypescript {
  default(document: object, options: object): Promise<readonly object[]>;
  astToString(ast: readonly object[]): string;
}

// It prints types with TypeScript 5, which `protocol` installs for it; the repository itself compiles with TypeScript 7.
const fromProtocol = createRequire(join(root, 'protocol/package.json'));
const openapiTypescript = fromProtocol('openapi-typescript') as OpenapiTypescript;

const clientTypes = async (): Promise<string> => {
  const ast = await openapiTypescript.default(openapiDocument(), {
    // A client may leave out properties with a default; the document marks those that every response has as required.
    defaultNonNullable: false,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  });
  return `// Generated from /openapi.json by \`npm run api\`. Do not edit: change the schemas in protocol and ingest instead.\n\n${openapiTypescript.astToString(ast)}`;
};

interface RunOptions {
  input?: string;
  env?: NodeJS.ProcessEnv;
}

const run = (program: string, words: readonly string[], options: RunOptions): SpawnSyncReturns<string> => {
  const result = spawnSync('npx', ['--no-install', program, ...words], { cwd: root, encoding: 'utf8', ...options });
  if (result.error !== undefined) throw result.error;
  return result;
};

const formatted = (text: string): string => {
  const { status, stdout, stderr } = run('oxfmt', [`--stdin-filepath=${clientFile}`], { input: text });
  if (status !== 0) throw new Error(`oxfmt: ${stderr}`);
  return stdout;
};

/** @returns whether the linter accepts both documents. */
const lint = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-api-'));
  try {
    const documents = { 'openapi.json': openapiDocument(), 'asyncapi.json': asyncapiDocument() };
    const files = Object.entries(documents).map(([name, document]) => {
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify(document, null, 2));
      return file;
    });
    // The linter sends usage data unless told not to.
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { status, stdout, stderr } = run('redocly', ['lint', '--max-problems=50', '--format=stylish', ...files], {
      env,
    });
    if (status !== 0) console.error(stdout, stderr);
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const client = formatted(await clientTypes());
if (process.argv.includes('--check')) {
  const isFresh = readFileSync(join(root, clientFile), 'utf8') === client;
  if (!isFresh) console.error(`${clientFile} is out of date. Run: npm run api`);
  const isClean = lint();
  if (isFresh && isClean) console.log('openapi.json and asyncapi.json are valid, and the typed client is up to date');
  process.exitCode = isFresh && isClean ? 0 : 1;
} else {
  writeFileSync(join(root, clientFile), client);
}
