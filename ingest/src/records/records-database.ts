import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, Migrator, PostgresDialect, SqliteDialect, sql } from 'kysely';
import type { Transaction } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { migrationProvider } from './migrations.ts';
import type { Tables } from './tables.ts';

export type RecordsLocation = { kind: 'postgres'; url: string } | { kind: 'sqlite'; file: string };

/**
 * The SQL behind the records. Nothing is opened before it is needed, and a database that is away is tried again by the next
 * query, so the process can start before its database does.
 */
export class RecordsDatabase {
  readonly #isPostgres: boolean;
  readonly #onFailed: (error: unknown) => void;
  readonly #kysely: Kysely<Tables>;
  #migrated: Promise<void> | null = null;

  /** @param onFailed told of each piece of work that failed, and why. */
  constructor(location: RecordsLocation, onFailed: (error: unknown) => void = () => undefined) {
    this.#onFailed = onFailed;
    this.#isPostgres = location.kind === 'postgres';
    this.#kysely = new Kysely<Tables>({
      dialect:
        location.kind === 'postgres'
          ? new PostgresDialect({ pool: async () => postgresPool(location.url) })
          : new SqliteDialect({ database: async () => sqliteFile(location.file) }),
    });
  }

  /** Runs one piece of work; the first brings the tables up to date. Rejects with `records_unavailable`. */
  async run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    try {
      this.#migrated ??= this.#migrate();
      await this.#migrated;
      return await work(this.#kysely);
    } catch (error) {
      const unavailable = recordsUnavailable(error);
      this.#onFailed(unavailable);
      throw unavailable;
    }
  }

  /**
   * The same for what a crash of the machine makes wrong in any case, such as who is connected: SQLite does not wait for the disk
   * here. It would hold up this whole process, for each student who comes or goes.
   */
  runFleeting<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    if (this.#isPostgres) return this.run(work);
    return this.run((db) =>
      db.connection().execute(async (connection) => {
        await sql`pragma synchronous = normal`.execute(connection);
        try {
          return await work(connection);
        } finally {
          await sql`pragma synchronous = full`.execute(connection);
        }
      }),
    );
  }

  /**
   * Until the transaction ends, others that lock the same key wait; SQLite lets one in at a time anyway. Its commit does not wait for
   * the disk: for what a crash of the database makes wrong in any case, such as who is connected.
   */
  async lockFleeting(transaction: Transaction<Tables>, key: string): Promise<void> {
    if (!this.#isPostgres) return;
    await sql`select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(
      transaction,
    );
  }

  /** Runs the work in a transaction that others with the same key wait for: to count rows and write one more, for instance. */
  runLocked<Result>(key: string, work: (transaction: Transaction<Tables>) => Promise<Result>): Promise<Result> {
    return this.run((db) =>
      db.transaction().execute(async (transaction) => {
        // SQLite lets one transaction in at a time anyway.
        if (this.#isPostgres) {
          await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(transaction);
        }
        return await work(transaction);
      }),
    );
  }

  /**
   * After an erasure: what was deleted leaves the files too, as far as the database lets it. SQLite overwrites it and empties its log;
   * Postgres frees it for reuse (its write-ahead log and backups are the operator's).
   */
  async overwriteDeleted(tables: readonly (keyof Tables)[]): Promise<void> {
    const names = sql.join(tables.map((table) => sql.table(table)));
    await this.run((db) =>
      this.#isPostgres ? sql`vacuum ${names}`.execute(db) : sql`pragma wal_checkpoint(truncate)`.execute(db),
    );
  }

  async check(): Promise<void> {
    await this.run((db) => db.selectFrom('sessions').select('session_id').limit(1).execute());
  }

  async close(): Promise<void> {
    await this.#kysely.destroy();
  }

  async #migrate(): Promise<void> {
    const migrator = new Migrator({ db: this.#kysely, provider: migrationProvider(this.#isPostgres) });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    this.#migrated = null;
    throw error;
  }
}

const postgresPool = (connectionString: string): pg.Pool => {
  const pool = new pg.Pool({ connectionString, max: 10, connectionTimeoutMillis: 3000, query_timeout: 10_000 });
  // An idle connection that the server closes is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
};

const sqliteFile = (file: string): Database.Database => {
  mkdirSync(dirname(file), { recursive: true });
  const database = new Database(file, { timeout: 2000 });
  // secure_delete: deleted content is overwritten, because what was erased must not be left in the file.
  database.exec('PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return database;
};
