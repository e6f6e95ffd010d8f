#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { closeWithinMs, createIngest, loadConfig } from './app.ts';
import { commandIn, readCommand, usage } from './command-line.ts';
import { misspelledSettings } from './commands/doctor/setting-names.ts';
import { prepareFolders } from './compose/folders.ts';
import { openTracing } from './compose/tracing.ts';
import { openRecords } from './compose/stores.ts';
import type { Config } from './config.ts';
import { RetentionRecords } from './records/retention-records.ts';
import { markNow } from './time/clock-check.ts';
import { tryListening } from './http/listening.ts';
import { IngestError } from './model/ingest-error.ts';
import { OutageLog } from './telemetry/outage-log.ts';
import { openLog } from './telemetry/server-log.ts';
import { monotonicMs } from './time/monotonic-time.ts';
import { forkWorker, ownWorkerGroup } from './workers/cluster-processes.ts';
import { WorkerPool } from './workers/worker-pool.ts';
import { version } from './version.ts';

/** A worker that does not stop in time is killed this much later. */
const killAfterMs = 5000;

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
  const environment = readEnvironmentFile();
  if (name !== null) {
    loadEnvironmentFile();
    // Loaded on demand, because the server does not need it.
    const { runCommand } = await import('./run-command.ts');
    process.exitCode = await runCommand(name, args.slice(1), environment);
    return;
  }
  // Before invalid values are reported: a misspelled name may be the reason why another setting is missing.
  if (command === 'check') warnOfMisspelledSettings(Object.keys(environment));
  const config = loadConfig(environment);
  if (command === 'check') return await check(config);
  if (command === 'confirm-clock') return await confirmClock(config);
  const group = ownWorkerGroup();
  if (group === null && config.workers > 1) return await runWorkers(config);
  loadEnvironmentFile();
  // Only the process of the workers' pool replaces them.
  if (group !== null) process.on('SIGHUP', () => undefined);
  const tracing = await openTracing(config, new OutageLog(openLog(config, group?.id), Date.now));
  const ingest = createIngest(config, undefined, group);
  stopOnSignal(async () => {
    await ingest.close();
    await tracing.close();
    await group?.leave();
  });
  try {
    await ingest.listen();
  } catch (error) {
    // After a signal, the process exits once the server is closed.
    if (error instanceof IngestError && error.reason === 'closed') return;
    throw error;
  }
  group?.ready();
};

/** For libraries that read variables themselves, such as PGSSLROOTCERT. Not for workers’ parent: its workers read the file again. */
const loadEnvironmentFile = (): void => {
  if (existsSync('.env')) process.loadEnvFile('.env');
};

/** The variables of this process, and those of `.env` that it does not have. */
const readEnvironmentFile = (): NodeJS.ProcessEnv =>
  existsSync('.env') ? { ...parseEnv(readFileSync('.env', 'utf8')), ...process.env } : process.env;

/** Ctrl+C in a terminal arrives twice under npm: from the terminal and from npm. A signal that comes later than this is a second wish. */
const sameSignalMs = 1000;
const killedBySignal = 130;

const stopOnSignal = (close: () => Promise<void>): void => {
  let firstMs: number | null = null;
  const stop = (): void => {
    if (firstMs !== null && monotonicMs() - firstMs > sameSignalMs) process.exit(killedBySignal);
    if (firstMs !== null) return;
    firstMs = monotonicMs();
    close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
};

/** This process starts workers that share its port, and serves no clients itself. SIGHUP replaces the workers one at a time. */
const runWorkers = async (config: Config): Promise<void> => {
  const log = openLog(config);
  const stopWithinMs = closeWithinMs(config) + killAfterMs;
  const pool = new WorkerPool({ count: config.workers, fork: forkWorker, log, stopWithinMs, now: monotonicMs });
  stopOnSignal(() => pool.close());
  process.on('SIGHUP', () => void pool.replaceAll());
  // A worker that cannot start has printed why.
  if (!(await pool.start())) process.exit(1);
  log.info({ event: 'workers.ready', workers: config.workers });
};

const warnOfMisspelledSettings = (names: readonly string[]): void => {
  for (const { level, subject, problem, action } of misspelledSettings(names, []))
    console.error(`${level}: ${subject} ${problem}; ${action}`);
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
