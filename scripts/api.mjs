/** Describes the interfaces for tools: writes the typed client's types; `--check` lints both descriptions and compares. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientTypes } from './api/client-types.mjs';
import { asyncapiDocument } from '../ingest/dist/openapi/asyncapi.js';
import { openapiDocument } from '../ingest/dist/openapi/openapi.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const clientFile = 'protocol/src/client/api-types.ts';

const run = (program, words, options) => {
  const result = spawnSync('npx', ['--no-install', program, ...words], { cwd: root, encoding: 'utf8', ...options });
  if (result.error !== undefined) throw result.error;
  return result;
};

const formatted = (text) => {
  const { status, stdout, stderr } = run('oxfmt', [`--stdin-filepath=${clientFile}`], { input: text });
  if (status !== 0) throw new Error(`oxfmt: ${stderr}`);
  return stdout;
};

/** @returns whether the linter finds nothing wrong with the documents. */
const lint = () => {
  const folder = mkdtempSync(join(tmpdir(), 'invigil-api-'));
  try {
    const documents = { 'openapi.json': openapiDocument(), 'asyncapi.json': asyncapiDocument() };
    const files = Object.entries(documents).map(([name, document]) => {
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify(document, null, 2));
      return file;
    });
    // Nothing of it leaves the machine.
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

const client = formatted(clientTypes(openapiDocument()));
if (process.argv.includes('--check')) {
  const isFresh = readFileSync(join(root, clientFile), 'utf8') === client;
  if (!isFresh) console.error(`${clientFile} is not what the descriptions say. Run: npm run api`);
  const isClean = lint();
  if (isFresh && isClean) console.log('openapi.json and asyncapi.json are valid, and the client is made from them');
  process.exitCode = isFresh && isClean ? 0 : 1;
} else {
  writeFileSync(join(root, clientFile), client);
}
