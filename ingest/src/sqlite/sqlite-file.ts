import { mkdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import Database from 'libsql';
import AsyncDatabase from 'libsql/promise';
import { isDamage } from './damage.ts';
import { keepStatements } from './keep-statements.ts';

export interface SqliteFileOptions {
  /**
   * Waits between two syncs while writers keep the disk busy, which leaves it to files that are more urgent. A writer that is alone never
   * waits for it. @param syncMs how long the last sync took
   */
  rest?: (syncMs: number) => Promise<unknown>;
}

const lockTimeoutMs = 2000;
/** Bounds the write-ahead log: a checkpoint copies it into the database this long after the first write since the last one. */
const checkpointAfterMs = 2000;
/** How often emptying the log is tried at a moment without writers, before writers are locked out for it. */
const quietAttempts = 20;
/** How often emptying the log is tried again while another process reads an old state of the file, such as a backup. */
const emptyAgainMs = 5000;

interface CheckpointResult {
  /** 1 if a reader or a writer prevented it. */
  busy: number;
  /** Pages in the log, and how many of them are in the database. */
  log: number;
  checkpointed: number;
}

const pragmas = `
  -- Deleted content is overwritten, so that erased data does not remain in the file.
  PRAGMA secure_delete = ON;
  PRAGMA journal_mode = WAL;
  -- A commit writes the log without waiting for the disk; synced() waits, outside of the event loop.
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 0;
`;

/**
 * A SQLite database whose event loop never waits for the disk. The driver is synchronous, so a commit that waited for the disk would
 * block all clients until the disk had finished. Commits only write to the log instead, and `synced` waits for the disk in another thread,
 * once for all commits made in the meantime. Checkpoints run in another thread too.
 *
 * @example
 * const file = new SqliteFile('data/frames.db');
 * file.db.exec("INSERT INTO frames VALUES ('a')");
 * await file.synced(); // survives a power cut from here on
 */
export class SqliteFile {
  readonly db: Database.Database;
  readonly #forgetStatements: () => void;
  readonly #path: string;
  #log: FileHandle | null = null;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #isSyncing = false;
  /** Length of the last sync. */
  #syncMs = 0;
  readonly #rest: SqliteFileOptions['rest'];
  #checkpoints: Promise<void> = Promise.resolve();
  #checkpointTimer: NodeJS.Timeout | undefined;
  #emptyTimer: NodeJS.Timeout | undefined;
  #checkpointer: AsyncDatabase | null = null;
  /** Grows with each commit. */
  #commits = 0;
  #isClosed = false;
  #isDamaged = false;
  /** Identifies the opened file: another one may take its name. */
  readonly #inode: number;

  /** Creates the file, and its folder, if it does not exist. Throws the driver's error. */
  constructor(path: string, { rest }: SqliteFileOptions = {}) {
    this.#rest = rest;
    mkdirSync(dirname(path), { recursive: true });
    this.#path = path;
    this.db = new Database(path, { timeout: lockTimeoutMs });
    this.#forgetStatements = keepStatements(this.db);
    this.db.exec(pragmas);
    this.#inode = statSync(path).ino;
  }

  /** Remembers a failure that shows that the file is damaged. */
  noteFailure(error: unknown): void {
    this.#isDamaged ||= isDamage(error);
  }

  /** The file's problem, as text for operators; null if none is known. Writes to a removed file would be lost. */
  problem(): string | null {
    const name = basename(this.#path);
    if (this.#isDamaged) return `${name} is damaged`;
    const isOpened = statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#inode;
    return isOpened ? null : `${name} was removed`;
  }

  /** Call after each commit that is not followed by `synced`, so that it is checkpointed. */
  written(): void {
    this.#commits += 1;
    if (this.#isClosed) return;
    this.#checkpointTimer ??= setTimeout(() => {
      this.#checkpointTimer = undefined;
      this.#checkpoint('PASSIVE').catch(() => this.written());
    }, checkpointAfterMs).unref();
  }

  /** Resolves once everything committed before the call is on disk. Calls made during a sync share the next one. */
  synced(): Promise<void> {
    this.written();
    this.#next ??= this.#syncNext(this.#isSyncing);
    return this.#next;
  }

  /**
   * Copies the log into the database and empties it, because it still contains deleted data. A process that reads an old state of the file,
   * such as a backup, or writers without a pause prevent that: this then resolves, and the log is emptied once they have finished.
   */
  async emptyLog(): Promise<void> {
    let state: 'emptied' | 'written' | 'read' = 'written';
    for (let attempt = 0; attempt < quietAttempts; attempt += 1) {
      state = await this.#emptyIfQuiet();
      if (state === 'emptied') return;
      // A reader, such as a backup, does not finish within these attempts.
      if (state === 'read') break;
    }
    // With a reader, this would lock writers out until its timeout.
    if (state === 'written' && (await this.#checkpoint('TRUNCATE'))) return;
    this.#emptyLater();
  }

  /** Waits for syncs and checkpoints in progress. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#checkpointTimer);
    clearTimeout(this.#emptyTimer);
    await Promise.allSettled([this.#next, this.#running, this.#checkpoints]);
    this.#checkpointer?.close();
    await this.#log?.close();
    this.#forgetStatements();
    this.db.close();
  }

  async #syncNext(rests: boolean): Promise<void> {
    await this.#running;
    if (rests) await this.#rest?.(this.#syncMs);
    this.#next = null;
    const sync = this.#sync();
    this.#running = sync.catch(() => undefined);
    await sync;
  }

  async #sync(): Promise<void> {
    const startedMs = performance.now();
    this.#isSyncing = true;
    try {
      this.#log ??= await open(`${this.#path}-wal`, 'r+');
      await this.#log.datasync();
    } finally {
      this.#isSyncing = false;
      this.#syncMs = performance.now() - startedMs;
    }
  }

  #emptyLater(): void {
    if (this.#isClosed) return;
    this.#emptyTimer ??= setTimeout(() => {
      this.#emptyTimer = undefined;
      this.emptyLog().catch(() => this.#emptyLater());
    }, emptyAgainMs).unref();
  }

  /**
   * Does not lock writers out while it waits for the disk. If nothing was committed during the checkpoint and nobody reads an old state, the
   * log is fully copied, and emptying it waits neither for the disk nor for a reader.
   */
  #emptyIfQuiet(): Promise<'emptied' | 'written' | 'read'> {
    return this.#inTurn(async () => {
      const commits = this.#commits;
      const { log, checkpointed } = await this.#runCheckpoint('PASSIVE');
      if (this.#isClosed) return 'emptied';
      if (checkpointed < log) return 'read';
      if (this.#commits !== commits || this.db.inTransaction) return 'written';
      return this.#truncateNow() ? 'emptied' : 'read';
    });
  }

  /** Gives up at once if a reader is active, so as not to block the event loop. @returns whether the log is empty */
  #truncateNow(): boolean {
    this.db.exec('PRAGMA busy_timeout = 0');
    try {
      return (this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as CheckpointResult).busy === 0;
    } finally {
      this.db.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}`);
    }
  }

  /** `PASSIVE` locks nobody out; `TRUNCATE` locks writers out. @returns whether all of it was done */
  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Promise<boolean> {
    return this.#inTurn(async () => (await this.#runCheckpoint(mode)).busy === 0);
  }

  async #runCheckpoint(mode: 'PASSIVE' | 'TRUNCATE'): Promise<CheckpointResult> {
    if (this.#isClosed) return { busy: 0, log: 0, checkpointed: 0 };
    this.#checkpointer ??= new AsyncDatabase(this.#path, { timeout: lockTimeoutMs });
    // A checkpoint that a reader or a writer prevents is a row, not an error.
    const checkpoint = await this.#checkpointer.prepare(`PRAGMA wal_checkpoint(${mode})`);
    return (await checkpoint.get()) as CheckpointResult;
  }

  /** One checkpoint at a time: they would wait for each other's lock. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#checkpoints.then(work);
    this.#checkpoints = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}
