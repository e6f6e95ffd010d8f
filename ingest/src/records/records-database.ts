import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import type { Transaction } from 'kysely';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { SqliteFile } from '../sqlite/sqlite-file.ts';
import { migrationProvider } from './migrations.ts';
import { CheckedPostgresPool } from './postgres-pool.ts';
import { LockingSqliteDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';
import { WriteWatch } from './write-watch.ts';
import { inSpan } from '../telemetry/tracing.ts';

export type RecordsLocation = { kind: 'postgres'; url: string } | { kind: 'sqlite'; file: string };

/**
 * One student who writes as fast as the server allows leaves three quarters of the disk's time to everybody's frames while a sync takes up to
 * 8 ms. A slower disk gets less rest, so that writers do not wait too long for each other.
 */
const restPerSync = 3;
const maxRestMs = 25;
const rest = (syncMs: number): Promise<void> => delay(Math.min(syncMs * restPerSync, maxRestMs));

/**
 * The SQL behind the records. Connects on first use, and each query retries an unavailable database, so the process can
 * start before its database does.
 */
export class RecordsDatabase {
  readonly #isPostgres: boolean;
  readonly #onFailed: (error: unknown) => void;
  readonly #kysely: Kysely<Tables>;
  /** Opened on first use; null with Postgres. */
  #file: SqliteFile | null = null;
  #migrated: Promise<void> | null = null;

  /** @param onFailed called for each failed operation, with the error. */
  constructor(location: RecordsLocation, onFailed: (error: unknown) => void = () => undefined) {
    this.#onFailed = onFailed;
    this.#isPostgres = location.kind === 'postgres';
    this.#kysely = new Kysely<Tables>({
      dialect:
        location.kind === 'postgres'
          ? new PostgresDialect({ pool: async () => new CheckedPostgresPool(location.url) })
          : new LockingSqliteDialect({
              database: async () => (this.#file = new SqliteFile(location.file, { rest })).db,
            }),
    });
  }

  /**
   * Runs one operation; the first brings the tables up to date. What it wrote is on disk when this resolves. Rejects with
   * `records_unavailable`.
   */
  run<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.#traced(work, (file) => file.synced());
  }

  /** The same, for data that a machine crash invalidates in any case, such as open connections: SQLite does not wait for the disk. */
  runFleeting<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    return this.#traced(work, (file) => file.written());
  }

  /**
   * Until the transaction ends, others that lock one of the keys wait; SQLite runs one at a time anyway. Its commit does
   * not wait for the disk: for data that a database crash invalidates in any case, such as open connections.
   * @returns the time at which it got the locks, microseconds by the clock of the database's machine: later than any transaction that it waited for
   */
  async lockFleeting(transaction: Transaction<Tables>, keys: readonly string[]): Promise<number> {
    // The processes that share a file share this clock.
    if (!this.#isPostgres) return Number(process.hrtime.bigint() / 1000n);
    // In one order everywhere, so that two transactions never wait for each other.
    const locks = sql.join([...new Set(keys)].toSorted().map((key) => sql`(${key})`));
    const { rows } = await sql<{ us: number }>`
      select set_config('synchronous_commit', 'off', true), pg_advisory_xact_lock(id),
        (extract(epoch from clock_timestamp()) * 1000000)::float8 as us
      from (select hashtextextended(key, 0) as id from (values ${locks}) as keys (key) order by id) as ordered
    `.execute(transaction);
    return rows.at(-1)!.us;
  }

  /** Runs the work in a transaction; others with the same key wait for it. For example, to count rows and then insert one. */
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
   * After an erasure: removes deleted data from the files too, as far as the database allows. SQLite overwrites it and
   * empties its log; Postgres frees it for reuse (its write-ahead log and backups are the operator's responsibility).
   */
  async overwriteDeleted(tables: readonly (keyof Tables)[]): Promise<void> {
    const names = sql.join(tables.map((table) => sql.table(table)));
    await this.run(async (db) => {
      if (this.#isPostgres) await sql`vacuum ${names}`.execute(db);
      else await this.#file?.emptyLog();
    });
  }

  /** The database's clock, milliseconds since the Unix epoch; null for SQLite, which runs in this process. */
  async nowMs(): Promise<number | null> {
    if (!this.#isPostgres) return null;
    const query = sql<{ ms: number }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
    const { rows } = await this.run((db) => query.execute(db));
    return rows[0]?.ms ?? null;
  }

  async check(): Promise<void> {
    const problem = this.#file?.problem() ?? null;
    if (problem !== null) throw recordsUnavailable(problem);
    await this.run((db) => db.selectFrom('sessions').select('session_id').limit(1).execute());
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await this.#kysely.destroy();
  }

  #traced<Result>(
    work: (db: Kysely<Tables>) => Promise<Result>,
    onWritten: (file: SqliteFile) => Promise<void> | void,
  ): Promise<Result> {
    const attributes = { 'db.system.name': this.#isPostgres ? 'postgresql' : 'sqlite' };
    return inSpan('records', attributes, () => this.#run(work, onWritten));
  }

  async #run<Result>(
    work: (db: Kysely<Tables>) => Promise<Result>,
    onWritten: (file: SqliteFile) => Promise<void> | void,
  ): Promise<Result> {
    try {
      this.#migrated ??= this.#migrate();
      await this.#migrated;
      if (this.#isPostgres) return await work(this.#kysely);
      const watch = new WriteWatch();
      const result = await work(this.#kysely.withPlugin(watch));
      if (watch.hasWritten && this.#file !== null) await onWritten(this.#file);
      return result;
    } catch (error) {
      this.#file?.noteFailure(error);
      const unavailable = recordsUnavailable(error);
      this.#onFailed(unavailable);
      throw unavailable;
    }
  }

  async #migrate(): Promise<void> {
    const migrator = new Migrator({ db: this.#kysely, provider: migrationProvider(this.#isPostgres) });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    this.#migrated = null;
    throw error;
  }
}
