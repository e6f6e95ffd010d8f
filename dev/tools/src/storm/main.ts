#!/usr/bin/env node
/** Kills the server under many clients and measures how long they take to come back. `--help` prints the options. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import { productionFlags } from '../bench/ingest/production-flags.ts';
import { compiledFile } from './compiled-file.ts';

// The loader for TypeScript replaces private members by weak maps, which is a large part of the work of thousands of clients in one process. The
// compiler runs in a process of its own, so that its garbage is not collected during the measurement.
const compiler = fileURLToPath(new URL('compile.ts', import.meta.url));
await promisify(execFile)(process.execPath, [...sourceArguments, compiler]);
const storm = spawn(process.execPath, [...productionFlags, compiledFile, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
const [code] = (await once(storm, 'exit')) as [number | null];
process.exitCode = code ?? 1;
