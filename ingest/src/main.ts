#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { createIngest, loadConfig } from './app.ts';
import { commandIn, readCommand, usage } from './command-line.ts';
import { prepareFolders } from './compose/folders.ts';
import { openRecords } from './compose/stores.ts';
import type { Config } from './config.ts';
import { RetentionRecords } from './records/retention-records.ts';
import { markNow } from './time/clock-check.ts';
import { tryListening } from './http/listening.ts';
import { IngestError } from './model/ingest-error.ts';
import { version } from './version.ts';

const run = async (): Promise<void> => {
  const args = process.argv.slice(2);
  const name = commandIn(args);
  const command = name === null ? readCommand(args) : null;
  if (command === 'help' || command === 'version') {
    console.log(command === 'help' ? usage : version);
    return;
  }
  // Databases and dumps hold personal data: other users of this machine must not be able to read them.
  process.umask(0o077);
  if (existsSync('.env')) process.loadEnvFile('.env');
  if (name !== null) {
    // Loaded on demand, because the server does not need it.
    const { runCommand } = await import('./run-command.ts');
    process.exitCode = await runCommand(name, args.slice(1), process.env);
    return;
  }
  const config = loadConfig(process.env);
  if (command === 'check') return await check(config);
  if (command === 'confirm-clock') return await confirmClock(config);
  const ingest = createIngest(config);
  const stop = (): void => {
    ingest.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await ingest.listen();
};

/** Whether the server could start with these settings, before slow steps such as a download. */
const check = async (config: Config): Promise<void> => {
  prepareFolders(config);
  await tryListening(config);
};

/**
 * Run after the clock was corrected or confirmed; purging then resumes. Restart a server that started with the wrong time before you
 * run this.
 */
const confirmClock = async (config: Config): Promise<void> => {
  const database = openRecords(config, () => undefined);
  const mark = markNow(Date.now());
  await new RetentionRecords(database).clockConfirmed(mark);
  await database.close();
  console.log(
    `The clock is confirmed: ${mark.at}. Expired data is purged again. Restart servers that started with another time.`,
  );
};

const fail = (error: unknown): never => {
  // A setting error needs a message, not a stack trace.
  console.error(error instanceof IngestError ? error.message : error);
  process.exit(1);
};

run().catch(fail);
