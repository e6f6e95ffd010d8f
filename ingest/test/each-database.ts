import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { RecordsDatabase } from '../src/records/records-database.ts';

/** Runs the same tests on SQLite and on Postgres. Each test uses ids of its own, because they share one database. */
export const onEachDatabase = (contract: (open: () => RecordsDatabase) => void): void => {
  describe('in SQLite', () => {
    let database: RecordsDatabase;
    beforeAll(async () => {
      database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
    });
    afterAll(async () => {
      await database.close();
      await removeFolders();
    });
    contract(() => database);
  });

  describe('in Postgres', () => {
    let postgres: PostgresService;
    let database: RecordsDatabase;
    beforeAll(async () => {
      postgres = await startPostgres();
      database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
    });
    afterAll(async () => {
      await database.close();
      await postgres.remove();
    });
    contract(() => database);
  });
};

/** A time on the test's day, ISO 8601. */
export const minute = (count: number): string => new Date(Date.UTC(2026, 0, 5, 9, count)).toISOString();
