#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createIngest, loadConfig } from './app.ts';
import { IngestError } from './ingest-error.ts';

const start = async (): Promise<void> => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const ingest = createIngest(loadConfig(process.env));
  const stop = (): void => {
    ingest.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await ingest.listen();
};

const fail = (error: unknown): never => {
  // A bad setting needs a sentence, not a stack.
  console.error(error instanceof IngestError ? error.message : error);
  process.exit(1);
};

start().catch(fail);
